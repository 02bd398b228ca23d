using System;

namespace Transflower.Core
{
    /// <summary>
    /// One pose of the dancer, in Unity's axes. Its arrays are made once; frames are copied, never made, while it
    /// dances.
    /// </summary>
    public sealed class PoseFrame
    {
        /// <summary>Number of the frame on the wire; -1 where the protocol has none.</summary>
        public int Sequence = -1;

        /// <summary>The moment for which the pose is meant, in microseconds of the sender's clock.</summary>
        public long TimeUs;

        /// <summary>When its last datagram came, in microseconds of this machine's clock.</summary>
        public long ArrivalUs;

        /// <summary>One bit for each bone that the stream has.</summary>
        public ulong Bones;

        /// <summary>Where the hips are, in metres.</summary>
        public Vec3 HipsPosition;

        /// <summary>Local rotations by HumanBones; identity for bones that the stream does not have.</summary>
        public readonly Quat[] Rotations = new Quat[HumanBones.Count];

        public PoseFrame()
        {
            Clear();
        }

        public bool Has(int bone) => (Bones >> bone & 1UL) != 0;

        public void Set(int bone, Quat rotation)
        {
            Rotations[bone] = rotation;
            Bones |= 1UL << bone;
        }

        /// <summary>Back to a figure without bones.</summary>
        public void Clear()
        {
            Bones = 0;
            HipsPosition = Vec3.Zero;
            for (int bone = 0; bone < HumanBones.Count; bone++) Rotations[bone] = Quat.Identity;
        }

        public void CopyFrom(PoseFrame other)
        {
            Sequence = other.Sequence;
            TimeUs = other.TimeUs;
            ArrivalUs = other.ArrivalUs;
            Bones = other.Bones;
            HipsPosition = other.HipsPosition;
            Array.Copy(other.Rotations, Rotations, HumanBones.Count);
        }
    }
}
