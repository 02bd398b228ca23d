namespace Transflower.Core
{
    /// <summary>
    /// An avatar in its T-pose: which bones it has, and how and where they rest, all seen from the avatar's root object
    /// (Unity's axes, metres). Any rig: bones may be rotated in whatever way, and lie below other objects.
    /// </summary>
    public sealed class AvatarRest
    {
        /// <summary>One bit for each bone that the avatar has.</summary>
        public ulong Bones { get; private set; }

        /// <summary>Rotations of the bones, and of the objects that they hang on.</summary>
        public readonly Quat[] Rotations = new Quat[HumanBones.Count];
        public readonly Quat[] ParentRotations = new Quat[HumanBones.Count];
        public readonly Vec3[] Positions = new Vec3[HumanBones.Count];

        /// <summary>Adds a bone.</summary>
        public void Set(int bone, Vec3 position, Quat rotation, Quat parentRotation)
        {
            Bones |= 1UL << bone;
            Positions[bone] = position;
            Rotations[bone] = rotation;
            ParentRotations[bone] = parentRotation;
        }

        public bool Has(int bone) => (Bones >> bone & 1UL) != 0;

        /// <summary>The nearest parent that the avatar has, or -1.</summary>
        public int ParentOf(int bone)
        {
            int parent = HumanBones.Parents[bone];
            while (parent >= 0 && !Has(parent)) parent = HumanBones.Parents[parent];
            return parent;
        }

        /// <summary>How far the ankles are above the floor, the root's height; 0 without feet.</summary>
        public float AnkleHeight => Has(HumanBones.LeftFoot) && Has(HumanBones.RightFoot)
            ? (Positions[HumanBones.LeftFoot].Y + Positions[HumanBones.RightFoot].Y) * 0.5f
            : 0f;

        /// <summary>How far the hips are above the ankles; 0 without feet.</summary>
        public float LegLength => Has(HumanBones.LeftFoot) && Has(HumanBones.RightFoot)
            ? Positions[HumanBones.Hips].Y - AnkleHeight
            : 0f;
    }
}
