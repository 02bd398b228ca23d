namespace Transflower.Core
{
    /// <summary>
    /// The skeletons that `/dance/skeleton` sent, the eight that were last of use. Forged ids push out only each other
    /// as long as poses use a skeleton more often than that.
    /// </summary>
    public sealed class SkeletonTable
    {
        public const int MaxBones = 88;
        private const int NumSlots = 8;

        /// <summary>One skeleton, as far as its bones have come.</summary>
        public sealed class Slot
        {
            internal int Id = -1;
            internal long UsedUs = long.MinValue;
            private readonly bool[] _isKnown = new bool[MaxBones];
            private readonly int[] _humanBones = new int[MaxBones];
            private readonly Vec3[] _offsets = new Vec3[MaxBones];
            private readonly Vec3[] _humanOffsets = new Vec3[HumanBones.Count];
            private StreamSkeleton _skeleton;
            private int _numBonesOfSkeleton;

            internal void Begin(int id)
            {
                Id = id;
                UsedUs = long.MinValue;
                System.Array.Clear(_isKnown, 0, MaxBones);
                _skeleton = null;
            }

            internal void Set(int index, int humanBone, Vec3 offset)
            {
                bool isSame = _isKnown[index] && _humanBones[index] == humanBone
                    && _offsets[index].X == offset.X && _offsets[index].Y == offset.Y && _offsets[index].Z == offset.Z;
                if (isSame) return;
                _isKnown[index] = true;
                _humanBones[index] = humanBone;
                _offsets[index] = offset;
                _skeleton = null;
            }

            /// <summary>Whether the bones 0 to numBones - 1 have all come.</summary>
            public bool Knows(int numBones)
            {
                for (int index = 0; index < numBones; index++)
                {
                    if (!_isKnown[index]) return false;
                }
                return true;
            }

            /// <summary>The humanoid bone of this index, or -1 when its name is none.</summary>
            public int HumanBone(int index) => _humanBones[index];

            /// <summary>The skeleton of its first bones; made when it is new, afterwards the same object.</summary>
            public StreamSkeleton Skeleton(int numBones)
            {
                if (_skeleton != null && _numBonesOfSkeleton == numBones) return _skeleton;
                ulong bones = 0;
                System.Array.Clear(_humanOffsets, 0, _humanOffsets.Length);
                for (int index = 0; index < numBones; index++)
                {
                    if (_humanBones[index] < 0) continue;
                    bones |= 1UL << _humanBones[index];
                    _humanOffsets[_humanBones[index]] = _offsets[index];
                }
                _numBonesOfSkeleton = numBones;
                _skeleton = new StreamSkeleton(bones, _humanOffsets);
                return _skeleton;
            }
        }

        private readonly Slot[] _slots = new Slot[NumSlots];

        public SkeletonTable()
        {
            for (int i = 0; i < NumSlots; i++) _slots[i] = new Slot();
        }

        /// <summary>Notes one bone.</summary>
        public void Set(int id, int index, int humanBone, Vec3 offset)
        {
            Slot slot = Find(id);
            if (slot == null)
            {
                slot = _slots[0];
                for (int i = 1; i < NumSlots; i++)
                {
                    if (_slots[i].UsedUs < slot.UsedUs) slot = _slots[i];
                }
                slot.Begin(id);
            }
            slot.Set(index, humanBone, offset);
        }

        /// <summary>The skeleton of this id for a pose of so many bones, or null while bones are missing.</summary>
        public Slot Use(int id, int numBones, long nowUs)
        {
            Slot slot = Find(id);
            if (slot == null || !slot.Knows(numBones)) return null;
            slot.UsedUs = nowUs;
            return slot;
        }

        private Slot Find(int id)
        {
            for (int i = 0; i < NumSlots; i++)
            {
                if (_slots[i].Id == id) return _slots[i];
            }
            return null;
        }
    }
}
