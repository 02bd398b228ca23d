using System;

namespace Transflower.Core
{
    /// <summary>The newest frames in the order of their times, and the path of the figure through them.</summary>
    public sealed class FrameStore
    {
        /// <summary>
        /// Between frames further apart than this there is no path: the figure holds, and eases to the later.
        /// </summary>
        public const long GapUs = 250000;

        /// <summary>How long the figure glides on after the last frame, ever slower.</summary>
        public const double GlideS = 0.1;

        private const float MaxTurning = 25f; // rad/s of gliding on
        private const float MaxMoving = 6f;   // m/s
        private const int NumKeptBehind = 4;
        private readonly PoseFrame[] _frames;

        public FrameStore(int capacity = 64)
        {
            _frames = new PoseFrame[capacity];
            for (int i = 0; i < capacity; i++) _frames[i] = new PoseFrame();
        }

        public int Count { get; private set; }

        public PoseFrame this[int index] => _frames[index];

        public PoseFrame Newest => _frames[Count - 1];

        public void Clear() => Count = 0;

        /// <summary>Puts a copy of a frame in its place and says which; -1 for one that is there already.</summary>
        public int Insert(PoseFrame frame)
        {
            int place = Count;
            while (place > 0 && _frames[place - 1].TimeUs > frame.TimeUs) place--;
            if (place > 0 && _frames[place - 1].TimeUs == frame.TimeUs) return -1;
            if (Count == _frames.Length)
            {
                if (place == 0) return -1;
                RemoveOldest(1);
                place--;
            }
            PoseFrame free = _frames[Count];
            for (int i = Count; i > place; i--) _frames[i] = _frames[i - 1];
            _frames[place] = free;
            free.CopyFrom(frame);
            Count++;
            return place;
        }

        /// <summary>Forgets frames that are well behind.</summary>
        public void ForgetBefore(double timeUs)
        {
            int behind = Before(timeUs);
            if (behind >= NumKeptBehind) RemoveOldest(behind - NumKeptBehind + 1);
        }

        /// <summary>The last frame that is not after this time, or -1.</summary>
        public int Before(double timeUs)
        {
            int index = Count - 1;
            while (index >= 0 && _frames[index].TimeUs > timeUs) index--;
            return index;
        }

        /// <summary>Whether the path at this time leads from a frame to one that has come.</summary>
        public bool IsBetween(double timeUs)
        {
            int index = Before(timeUs);
            return index >= 0 && index < Count - 1 && _frames[index + 1].TimeUs - _frames[index].TimeUs <= GapUs;
        }

        /// <summary>
        /// The pose of the path at a time: between two frames by slerp; after the last one it glides on and comes to
        /// rest; before the first it is the first. There must be a frame.
        /// </summary>
        public void Evaluate(double timeUs, PoseFrame pose)
        {
            int index = Before(timeUs);
            if (index < 0)
            {
                pose.CopyFrom(_frames[0]);
                return;
            }
            PoseFrame from = _frames[index];
            pose.CopyFrom(from);
            if (index < Count - 1 && _frames[index + 1].TimeUs - from.TimeUs <= GapUs)
            {
                PoseFrame to = _frames[index + 1];
                float weight = (float)((timeUs - from.TimeUs) / (to.TimeUs - from.TimeUs));
                pose.HipsPosition = Vec3.Lerp(from.HipsPosition, to.HipsPosition, weight);
                for (int bone = 0; bone < HumanBones.Count; bone++)
                {
                    if (from.Has(bone) && to.Has(bone))
                        pose.Rotations[bone] = Quat.Slerp(from.Rotations[bone], to.Rotations[bone], weight);
                }
                return;
            }
            if (index > 0 && from.TimeUs - _frames[index - 1].TimeUs <= GapUs)
                Glide(_frames[index - 1], from, (timeUs - from.TimeUs) * 1e-6, pose);
        }

        /// <summary>On from a frame with the speed that led to it, which falls to zero within `GlideS`.</summary>
        private static void Glide(PoseFrame before, PoseFrame from, double seconds, PoseFrame pose)
        {
            double passed = Math.Min(seconds, GlideS);
            float way = (float)(passed - passed * passed / (2.0 * GlideS));
            float rate = (float)(1e6 / (from.TimeUs - before.TimeUs));
            pose.HipsPosition += ((from.HipsPosition - before.HipsPosition) * rate).AtMost(MaxMoving) * way;
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                if (!from.Has(bone) || !before.Has(bone)) continue;
                Quat turn = from.Rotations[bone] * before.Rotations[bone].Inverse;
                Vec3 turning = (turn.ToRotationVector() * rate).AtMost(MaxTurning);
                pose.Rotations[bone] = (Quat.FromRotationVector(turning * way) * from.Rotations[bone]).Normalized();
            }
        }

        private void RemoveOldest(int number)
        {
            for (int n = 0; n < number; n++)
            {
                PoseFrame oldest = _frames[0];
                for (int i = 1; i < Count; i++) _frames[i - 1] = _frames[i];
                _frames[Count - 1] = oldest;
                Count--;
            }
        }
    }
}
