using System;

namespace Transflower.Core
{
    /// <summary>Inverse kinematics of a limb of two bones: a leg that must reach a point.</summary>
    public static class TwoBoneIk
    {
        /// <summary>
        /// How the upper and the lower bone must turn in the world so that the limb's end comes to the target, or as
        /// near as the limb reaches. The middle stays in the plane in which it bends; a straight limb bends to
        /// `forward`.
        /// </summary>
        public static void Solve(
            Vec3 root, Vec3 middle, Vec3 end, Vec3 target, Vec3 forward, out Quat upperTurn, out Quat lowerTurn)
        {
            float upper = (middle - root).Length, lower = (end - middle).Length;
            float most = (upper + lower) * 0.999f, least = Math.Abs(upper - lower) * 1.001f + 1e-4f;
            Vec3 toEnd = (end - root).Normalized();
            Vec3 way = target - root;
            float distance = Math.Max(least, Math.Min(most, way.Length));
            Vec3 toTarget = way.Length < 1e-5f ? toEnd : way.Normalized();

            Quat swing = Quat.FromTo(toEnd, toTarget);
            Vec3 toMiddle = swing * (middle - root);
            Vec3 bend = toMiddle - toTarget * Vec3.Dot(toMiddle, toTarget);
            if (bend.Length < 1e-3f * upper)
            {
                Vec3 hint = swing * forward;
                bend = hint - toTarget * Vec3.Dot(hint, toTarget);
            }
            bend = bend.Normalized();
            float cosine = (upper * upper + distance * distance - lower * lower) / (2f * upper * distance);
            cosine = Math.Max(-1f, Math.Min(1f, cosine));
            float sine = (float)Math.Sqrt(1f - cosine * cosine);
            Vec3 newMiddle = root + (toTarget * cosine + bend * sine) * upper;
            Vec3 newEnd = root + toTarget * distance;

            upperTurn = (Quat.FromTo(toMiddle.Normalized(), (newMiddle - root).Normalized()) * swing).Normalized();
            Vec3 oldLower = (swing * (end - middle)).Normalized();
            lowerTurn = (Quat.FromTo(oldLower, (newEnd - newMiddle).Normalized()) * swing).Normalized();
        }
    }
}
