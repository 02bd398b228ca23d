namespace Transflower.Core
{
    /// <summary>
    /// The bones of a humanoid, numbered as in Unity's HumanBodyBones and named as on the wire.
    /// </summary>
    public static class HumanBones
    {
        public const int Count = 55;
        public const int Hips = 0, LeftUpperLeg = 1, RightUpperLeg = 2, LeftLowerLeg = 3, RightLowerLeg = 4;
        public const int LeftFoot = 5, RightFoot = 6, Spine = 7, Chest = 8, Neck = 9, Head = 10;
        public const int LeftShoulder = 11, RightShoulder = 12, LeftUpperArm = 13, RightUpperArm = 14;
        public const int LeftLowerArm = 15, RightLowerArm = 16, LeftHand = 17, RightHand = 18;
        public const int LeftToes = 19, RightToes = 20, LeftEye = 21, RightEye = 22, Jaw = 23;
        public const int FirstFinger = 24, UpperChest = 54;

        /// <summary>Names in the order of HumanBodyBones.</summary>
        public static readonly string[] Names =
        {
            "Hips", "LeftUpperLeg", "RightUpperLeg", "LeftLowerLeg", "RightLowerLeg", "LeftFoot", "RightFoot", "Spine",
            "Chest", "Neck", "Head", "LeftShoulder", "RightShoulder", "LeftUpperArm", "RightUpperArm", "LeftLowerArm",
            "RightLowerArm", "LeftHand", "RightHand", "LeftToes", "RightToes", "LeftEye", "RightEye", "Jaw",
            "LeftThumbProximal", "LeftThumbIntermediate", "LeftThumbDistal",
            "LeftIndexProximal", "LeftIndexIntermediate", "LeftIndexDistal",
            "LeftMiddleProximal", "LeftMiddleIntermediate", "LeftMiddleDistal",
            "LeftRingProximal", "LeftRingIntermediate", "LeftRingDistal",
            "LeftLittleProximal", "LeftLittleIntermediate", "LeftLittleDistal",
            "RightThumbProximal", "RightThumbIntermediate", "RightThumbDistal",
            "RightIndexProximal", "RightIndexIntermediate", "RightIndexDistal",
            "RightMiddleProximal", "RightMiddleIntermediate", "RightMiddleDistal",
            "RightRingProximal", "RightRingIntermediate", "RightRingDistal",
            "RightLittleProximal", "RightLittleIntermediate", "RightLittleDistal",
            "UpperChest",
        };

        /// <summary>Parent of each bone in a whole humanoid; -1 for the hips.</summary>
        public static readonly int[] Parents =
        {
            -1, Hips, Hips, LeftUpperLeg, RightUpperLeg, LeftLowerLeg, RightLowerLeg, Hips,
            Spine, UpperChest, Neck, UpperChest, UpperChest, LeftShoulder, RightShoulder, LeftUpperArm,
            RightUpperArm, LeftLowerArm, RightLowerArm, LeftFoot, RightFoot, Head, Head, Head,
            LeftHand, 24, 25, LeftHand, 27, 28, LeftHand, 30, 31, LeftHand, 33, 34, LeftHand, 36, 37,
            RightHand, 39, 40, RightHand, 42, 43, RightHand, 45, 46, RightHand, 48, 49, RightHand, 51, 52,
            Chest,
        };

        /// <summary>The bones in an order in which parents come before their children.</summary>
        public static readonly int[] ParentsFirst =
        {
            Hips, LeftUpperLeg, RightUpperLeg, LeftLowerLeg, RightLowerLeg, LeftFoot, RightFoot, LeftToes, RightToes,
            Spine, Chest, UpperChest, Neck, Head, LeftEye, RightEye, Jaw,
            LeftShoulder, RightShoulder, LeftUpperArm, RightUpperArm, LeftLowerArm, RightLowerArm, LeftHand, RightHand,
            24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
            39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53,
        };

        private const int TableSize = 256;
        private static readonly byte[][] Keys = new byte[TableSize][];
        private static readonly int[] Values = new int[TableSize];

        static HumanBones()
        {
            for (int bone = 0; bone < Count; bone++)
            {
                byte[] key = Osc.Ascii(Names[bone]);
                Add(key, bone);
                byte[] inVrm = (byte[])key.Clone(); // senders in JavaScript have their names from there
                inVrm[0] = (byte)(inVrm[0] + 'a' - 'A');
                Add(inVrm, bone);
            }
        }

        private static void Add(byte[] key, int bone)
        {
            int slot = Hash(key, 0, key.Length);
            while (Keys[slot] != null) slot = (slot + 1) % TableSize;
            Keys[slot] = key;
            Values[slot] = bone;
        }

        /// <summary>The bone whose name these bytes are, its first letter large or, as in VRM files, small; or -1.</summary>
        public static int Find(byte[] buffer, int start, int length)
        {
            if (length <= 0) return -1;
            int slot = Hash(buffer, start, length);
            while (Keys[slot] != null)
            {
                if (Osc.AreEqual(buffer, start, length, Keys[slot])) return Values[slot];
                slot = (slot + 1) % TableSize;
            }
            return -1;
        }

        private static int Hash(byte[] buffer, int start, int length)
        {
            uint hash = 2166136261; // FNV-1a
            for (int i = 0; i < length; i++) hash = unchecked((hash ^ buffer[start + i]) * 16777619u);
            return (int)((hash ^ (hash >> 16)) % TableSize);
        }
    }
}
