using System;

namespace Transflower.Core
{
    /// <summary>The rest pose of the dancer who is streamed: a T-pose whose bones are parallel to the world.</summary>
    public sealed class StreamSkeleton
    {
        /// <summary>The ankle's height in that of the leg, where a stream does not tell: the default dancer's.</summary>
        public const float AnkleOfLeg = (float)BodyConstants.LegAnkleOfLeg;

        /// <summary>One bit for each bone that the stream has.</summary>
        public readonly ulong Bones;

        /// <summary>
        /// Rest offsets from the nearest parent that the stream has, by HumanBones, metres, Unity's axes.
        /// </summary>
        public readonly Vec3[] Offsets = new Vec3[HumanBones.Count];

        /// <summary>How far the hips are above the ankles in the rest pose; 0 when the stream has no legs.</summary>
        public readonly float LegLength;

        public StreamSkeleton(ulong bones, Vec3[] offsets)
        {
            Bones = bones;
            Array.Copy(offsets, Offsets, HumanBones.Count);
            bool hasLegs = Has(HumanBones.LeftFoot) && Has(HumanBones.RightFoot);
            float depth = (Depth(HumanBones.LeftFoot) + Depth(HumanBones.RightFoot)) * 0.5f;
            LegLength = hasLegs ? Math.Max(0f, depth) : 0f;
        }

        /// <summary>
        /// How far the ankles are above the floor in the rest pose: guessed, and at least as far as above the toes.
        /// </summary>
        public float AnkleHeight => Math.Max(
            LegLength * AnkleOfLeg, Math.Max(-Offsets[HumanBones.LeftToes].Y, -Offsets[HumanBones.RightToes].Y));

        public bool Has(int bone) => (Bones >> bone & 1UL) != 0;

        /// <summary>The nearest parent that the stream has, or -1.</summary>
        public int ParentOf(int bone)
        {
            int parent = HumanBones.Parents[bone];
            while (parent >= 0 && !Has(parent)) parent = HumanBones.Parents[parent];
            return parent;
        }

        /// <summary>
        /// Where the dancer's bones are in a pose; those that the stream does not have, where their parents are.
        /// </summary>
        public void Place(PoseFrame pose, Vec3[] positions, Quat[] turns)
        {
            foreach (int bone in HumanBones.ParentsFirst)
            {
                int parent = HumanBones.Parents[bone];
                positions[bone] = parent < 0 ? pose.HipsPosition : positions[parent] + turns[parent] * Offsets[bone];
                turns[bone] = parent < 0 ? pose.Rotations[bone] : turns[parent] * pose.Rotations[bone];
            }
        }

        private float Depth(int bone)
        {
            float depth = 0f;
            for (; bone > HumanBones.Hips; bone = HumanBones.Parents[bone]) depth -= Has(bone) ? Offsets[bone].Y : 0f;
            return depth;
        }
    }
}
