using System;

namespace Transflower.Core
{
    /// <summary>
    /// What is between the pose that was shown and the pose that should have been, and how it fades.
    ///
    /// When frames come late or the stream begins again, the path of the figure changes under it. The difference at
    /// that
    /// moment, and how fast it was changing, are kept as a rotation vector a bone and fade like a critically damped
    /// spring: the figure neither jumps nor jerks, and is where it belongs after a fifth of a second.
    /// </summary>
    public sealed class Residual
    {
        /// <summary>Of the spring, in 1/s; a twentieth is left after 4.7 / Stiffness.</summary>
        public const float Stiffness = 30f;

        private const float MaxTurning = 15f;  // rad/s that are taken over at most
        private const float MaxMoving = 4f;    // m/s
        private const float Nothing = 1e-4f;
        private readonly Vec3[] _turns = new Vec3[HumanBones.Count];
        private readonly Vec3[] _turnings = new Vec3[HumanBones.Count];
        private Vec3 _shift, _shifting;

        /// <summary>Whether there is anything left.</summary>
        public bool IsActive { get; private set; }

        public void Clear()
        {
            Array.Clear(_turns, 0, HumanBones.Count);
            Array.Clear(_turnings, 0, HumanBones.Count);
            _shift = _shifting = Vec3.Zero;
            IsActive = false;
        }

        /// <summary>
        /// Begins anew with what is between two pairs of poses: what was shown and what should have been, now and
        /// `seconds` before. Without the pair from before (0 seconds) it begins at rest.
        /// </summary>
        public void Begin(
            PoseFrame shown, PoseFrame wanted, PoseFrame shownBefore, PoseFrame wantedBefore, float seconds)
        {
            bool hasSpeed = seconds > 1e-4f;
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                _turns[bone] = Between(shown, wanted, bone);
                _turnings[bone] = hasSpeed
                    ? ((_turns[bone] - Between(shownBefore, wantedBefore, bone)) * (1f / seconds)).AtMost(MaxTurning)
                    : Vec3.Zero;
            }
            _shift = shown.HipsPosition - wanted.HipsPosition;
            _shifting = hasSpeed
                ? ((_shift - (shownBefore.HipsPosition - wantedBefore.HipsPosition)) * (1f / seconds)).AtMost(MaxMoving)
                : Vec3.Zero;
            IsActive = true;
        }

        /// <summary>Lets time pass.</summary>
        public void Advance(float seconds)
        {
            if (!IsActive) return;
            float decay = (float)Math.Exp(-Stiffness * seconds);
            float largest = Step(ref _shift, ref _shifting, seconds, decay);
            for (int bone = 0; bone < HumanBones.Count; bone++)
                largest = Math.Max(largest, Step(ref _turns[bone], ref _turnings[bone], seconds, decay));
            if (largest < Nothing) Clear();
        }

        /// <summary>Adds what is left to a pose.</summary>
        public void ApplyTo(PoseFrame pose)
        {
            if (!IsActive) return;
            pose.HipsPosition += _shift;
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                if (!pose.Has(bone)) continue;
                pose.Rotations[bone] = (Quat.FromRotationVector(_turns[bone]) * pose.Rotations[bone]).Normalized();
            }
        }

        private static Vec3 Between(PoseFrame shown, PoseFrame wanted, int bone) =>
            shown.Has(bone) && wanted.Has(bone)
                ? (shown.Rotations[bone] * wanted.Rotations[bone].Inverse).ToRotationVector()
                : Vec3.Zero;

        private static float Step(ref Vec3 value, ref Vec3 speed, float seconds, float decay)
        {
            Vec3 pull = speed + value * Stiffness;
            value = (value + pull * seconds) * decay;
            speed = (speed - pull * (Stiffness * seconds)) * decay;
            return value.Length + speed.Length / Stiffness;
        }
    }
}
