using System;

namespace Transflower.Core
{
    /// <summary>
    /// Keeps feet that carry the dancer where they are on the floor. The bridge does that for its own figure; an avatar
    /// of other proportions slides nevertheless, and its legs are bent here until it does not.
    ///
    /// A foot stands when the dancer's ankle is low and slow. It is let go when it rises, moves, or would be held more
    /// than 15 cm from where it wants to be. Call `Apply` once a picture, between `Retargeter.Place` and `Locals`.
    /// </summary>
    public sealed class FootLock
    {
        private const float StandsBelow = (float)BodyConstants.FootLockOnHeightM; // metres above a standing ankle
        private const float LeavesAbove = (float)BodyConstants.FootLockOffHeightM;
        private const float StandsBelowSpeed = (float)BodyConstants.FootLockOnSpeedMS; // m/s, of the dancer's size
        private const float LeavesAboveSpeed = (float)BodyConstants.FootLockOffSpeedMS;
        private const float MaxHold = (float)BodyConstants.FootLockBoundM;
        private const float GrabS = (float)BodyConstants.FootLockGrabS, LetGoS = (float)BodyConstants.FootLockEaseS;

        private struct Foot
        {
            public Vec3 DancerBefore, Hold;
            public float Weight;
            public bool HasBefore, Stands;
        }

        private static readonly int[] UpperLegs = { HumanBones.LeftUpperLeg, HumanBones.RightUpperLeg };
        private static readonly int[] LowerLegs = { HumanBones.LeftLowerLeg, HumanBones.RightLowerLeg };
        private static readonly int[] Ankles = { HumanBones.LeftFoot, HumanBones.RightFoot };
        private readonly Foot[] _feet = new Foot[2];

        /// <summary>Whether the left (0) or right (1) foot is held.</summary>
        public bool IsHeld(int side) => _feet[side].Stands;

        public void Reset()
        {
            _feet[0] = _feet[1] = default(Foot);
        }

        /// <summary>Bends the legs of a placed figure.</summary>
        public void Apply(Retargeter figure, PoseFrame pose, StreamSkeleton skeleton, float passedS)
        {
            if (skeleton == null || skeleton.LegLength <= 0f || figure.Rest.LegLength <= 0f || passedS <= 0f) return;
            for (int side = 0; side < 2; side++)
            {
                Vec3 dancer = DancersAnkle(pose, skeleton, side);
                float height = dancer.Y - skeleton.AnkleHeight;
                Follow(ref _feet[side], dancer, height, figure.Positions[Ankles[side]], passedS);
                if (_feet[side].Weight > 0f) Bend(figure, side, ref _feet[side]);
            }
        }

        private static void Follow(ref Foot foot, Vec3 dancer, float height, Vec3 ankle, float passedS)
        {
            Vec3 moved = dancer - foot.DancerBefore;
            float speed = foot.HasBefore ? moved.Length / passedS : float.MaxValue;
            foot.DancerBefore = dancer;
            foot.HasBefore = true;
            if (!foot.Stands && height < StandsBelow && speed < StandsBelowSpeed)
            {
                // It is caught where it is shown: still on its way back from the last hold, or where it wants to be.
                foot.Hold = ankle + (foot.Hold - ankle) * Ease(foot.Weight);
                if ((foot.Hold - ankle).Length > MaxHold) foot.Hold = ankle;
                foot.Stands = true;
            }
            else if (height > LeavesAbove || speed > LeavesAboveSpeed || Away(foot.Hold, ankle) > MaxHold)
            {
                foot.Stands = false;
            }
            float change = foot.Stands ? passedS / GrabS : -passedS / LetGoS;
            foot.Weight = Math.Max(0f, Math.Min(1f, foot.Weight + change));
        }

        private static void Bend(Retargeter figure, int side, ref Foot foot)
        {
            int upper = UpperLegs[side], lower = LowerLegs[side], ankle = Ankles[side];
            Vec3 wanted = figure.Positions[ankle];
            Vec3 target = Vec3.Lerp(wanted, new Vec3(foot.Hold.X, wanted.Y, foot.Hold.Z), Ease(foot.Weight));
            Vec3 axis = figure.Turns[upper] * new Vec3(1f, 0f, 0f);
            TwoBoneIk.Solve(
                figure.Positions[upper], figure.Positions[lower], wanted, target, axis,
                out Quat upperTurn, out Quat lowerTurn);
            figure.Turns[upper] = (upperTurn * figure.Turns[upper]).Normalized();
            figure.Turns[lower] = (lowerTurn * figure.Turns[lower]).Normalized();
        }

        private static Vec3 DancersAnkle(PoseFrame pose, StreamSkeleton skeleton, int side)
        {
            Quat turn = pose.Rotations[HumanBones.Hips];
            Vec3 place = pose.HipsPosition + turn * skeleton.Offsets[UpperLegs[side]];
            turn = turn * pose.Rotations[UpperLegs[side]];
            place += turn * skeleton.Offsets[LowerLegs[side]];
            turn = turn * pose.Rotations[LowerLegs[side]];
            return place + turn * skeleton.Offsets[Ankles[side]];
        }

        private static float Away(Vec3 a, Vec3 b)
        {
            float x = a.X - b.X, z = a.Z - b.Z;
            return (float)Math.Sqrt(x * x + z * z);
        }

        private static float Ease(float weight) => weight * weight * (3f - 2f * weight);
    }
}
