namespace Transflower.Core
{
    /// <summary>
    /// Turns poses of the stream, whose bones rest parallel to the world, into local rotations of one avatar's bones.
    ///
    /// A bone's turn is how it has turned in the world since the T-pose. An avatar's bone must have turned as the
    /// dancer's: its world rotation is turn x rest, and its local rotation is that seen from the object that it hangs
    /// on, which has turned with the nearest bone above (VRM 1.0, how to transform a human pose). Bones that the avatar
    /// lacks lose nothing: what follows them keeps its turn, and a missing part of the back turns the part below it.
    /// </summary>
    public sealed class Retargeter
    {
        private static readonly int[] Back = { HumanBones.Spine, HumanBones.Chest, HumanBones.UpperChest };
        private readonly int[] _parents = new int[HumanBones.Count];
        private readonly int[] _sources = new int[HumanBones.Count];
        private readonly Quat[] _dancerTurns = new Quat[HumanBones.Count];
        private readonly Vec3[] _offsets = new Vec3[HumanBones.Count];

        /// <summary>The avatar.</summary>
        public readonly AvatarRest Rest;

        /// <summary>How each bone has turned, by HumanBones; may be changed between `Turn` and `Locals`.</summary>
        public readonly Quat[] Turns = new Quat[HumanBones.Count];

        /// <summary>Where the avatar's bones are, seen from its root, after `Place`.</summary>
        public readonly Vec3[] Positions = new Vec3[HumanBones.Count];

        public Retargeter(AvatarRest rest)
        {
            Rest = rest;
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                _parents[bone] = rest.ParentOf(bone);
                _sources[bone] = bone;
                if (rest.Has(bone) && _parents[bone] >= 0)
                    _offsets[bone] = rest.Positions[bone] - rest.Positions[_parents[bone]];
            }
            int lowest = -1;
            foreach (int bone in Back)
            {
                if (rest.Has(bone)) lowest = bone;
                else if (lowest >= 0) _sources[lowest] = bone;
            }
        }

        /// <summary>
        /// The avatar's size in that of the dancer: of their legs, since feet belong on the floor; 1 where it is
        /// unknown.
        /// </summary>
        public float ScaleFor(StreamSkeleton skeleton) =>
            KnowsLegs(skeleton) ? Rest.LegLength / skeleton.LegLength : 1f;

        /// <summary>Fills `Turns` from a pose.</summary>
        public void Turn(PoseFrame pose)
        {
            foreach (int bone in HumanBones.ParentsFirst)
            {
                int parent = HumanBones.Parents[bone];
                _dancerTurns[bone] = parent < 0 ? pose.Rotations[bone] : _dancerTurns[parent] * pose.Rotations[bone];
            }
            for (int bone = 0; bone < HumanBones.Count; bone++) Turns[bone] = _dancerTurns[_sources[bone]];
        }

        /// <summary>
        /// Where the avatar's hips belong, seen from its root: the dancer's path in the avatar's size, ankles as high
        /// above the floor as the avatar's are.
        /// </summary>
        public Vec3 HipsPosition(PoseFrame pose, StreamSkeleton skeleton)
        {
            float scale = ScaleFor(skeleton);
            Vec3 hips = pose.HipsPosition * scale;
            if (KnowsLegs(skeleton)) hips.Y += Rest.AnkleHeight - scale * skeleton.AnkleHeight;
            return hips;
        }

        /// <summary>Fills `Positions` from `Turns` and the place of the hips.</summary>
        public void Place(Vec3 hips)
        {
            foreach (int bone in HumanBones.ParentsFirst)
            {
                if (!Rest.Has(bone)) continue;
                int parent = _parents[bone];
                Positions[bone] = parent < 0 ? hips : Positions[parent] + Turns[parent] * _offsets[bone];
            }
        }

        /// <summary>The local rotations of the avatar's bones for `Turns`, by HumanBones.</summary>
        public void Locals(Quat[] locals)
        {
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                if (!Rest.Has(bone)) continue;
                Quat world = Turns[bone] * Rest.Rotations[bone];
                int parent = _parents[bone];
                Quat above = parent < 0 ? Rest.ParentRotations[bone] : Turns[parent] * Rest.ParentRotations[bone];
                locals[bone] = (above.Inverse * world).Normalized();
            }
        }

        private bool KnowsLegs(StreamSkeleton skeleton) =>
            skeleton != null && skeleton.LegLength > 0.01f && Rest.LegLength > 0.01f;
    }
}
