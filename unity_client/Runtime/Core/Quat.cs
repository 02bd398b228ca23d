using System;

namespace Transflower.Core
{
    /// <summary>A unit quaternion (x, y, z, w) in Unity's axes; `a * b` turns by b first, then by a.</summary>
    public struct Quat
    {
        public float X, Y, Z, W;

        public Quat(float x, float y, float z, float w)
        {
            X = x;
            Y = y;
            Z = z;
            W = w;
        }

        public static Quat Identity => new Quat(0f, 0f, 0f, 1f);

        /// <summary>The inverse of a unit quaternion.</summary>
        public Quat Inverse => new Quat(-X, -Y, -Z, W);

        public static Quat operator *(Quat a, Quat b) => new Quat(
            a.W * b.X + a.X * b.W + a.Y * b.Z - a.Z * b.Y,
            a.W * b.Y - a.X * b.Z + a.Y * b.W + a.Z * b.X,
            a.W * b.Z + a.X * b.Y - a.Y * b.X + a.Z * b.W,
            a.W * b.W - a.X * b.X - a.Y * b.Y - a.Z * b.Z);

        public static Vec3 operator *(Quat q, Vec3 v)
        {
            Vec3 axis = new Vec3(q.X, q.Y, q.Z);
            Vec3 twice = Vec3.Cross(axis, v) * 2f;
            return v + twice * q.W + Vec3.Cross(axis, twice);
        }

        public static float Dot(Quat a, Quat b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z + a.W * b.W;

        /// <summary>The same rotation with length 1; the identity for a quaternion of no length.</summary>
        public Quat Normalized()
        {
            double squared = (double)X * X + (double)Y * Y + (double)Z * Z + (double)W * W;
            if (squared < 1e-12) return Identity;
            float scale = (float)(1.0 / Math.Sqrt(squared));
            return new Quat(X * scale, Y * scale, Z * scale, W * scale);
        }

        /// <summary>The way from a to b along the shorter arc, at constant speed; weight 0 to 1.</summary>
        public static Quat Slerp(Quat a, Quat b, float weight)
        {
            float dot = Dot(a, b);
            float sign = dot < 0f ? -1f : 1f;
            dot *= sign;
            float fromA = 1f - weight;
            float fromB = weight;
            bool isWide = dot < 0.9995f;
            if (isWide)
            {
                double angle = Math.Acos(dot);
                double scale = 1.0 / Math.Sin(angle);
                fromA = (float)(Math.Sin(fromA * angle) * scale);
                fromB = (float)(Math.Sin(fromB * angle) * scale);
            }
            fromB *= sign;
            Quat between = new Quat(
                fromA * a.X + fromB * b.X,
                fromA * a.Y + fromB * b.Y,
                fromA * a.Z + fromB * b.Z,
                fromA * a.W + fromB * b.W);
            return isWide ? between : between.Normalized();
        }

        /// <summary>The rotation as its axis times its angle in radians, 0 to pi.</summary>
        public Vec3 ToRotationVector()
        {
            float sign = W < 0f ? -1f : 1f;
            Vec3 axis = new Vec3(X, Y, Z) * sign;
            float sine = axis.Length;
            if (sine < 1e-6f) return axis * 2f;
            return axis * (float)(2.0 * Math.Atan2(sine, W * sign) / sine);
        }

        /// <summary>The rotation about this axis by its length in radians.</summary>
        public static Quat FromRotationVector(Vec3 vector)
        {
            float angle = vector.Length;
            if (angle < 1e-6f) return new Quat(vector.X * 0.5f, vector.Y * 0.5f, vector.Z * 0.5f, 1f).Normalized();
            float scale = (float)Math.Sin(angle * 0.5f) / angle;
            return new Quat(vector.X * scale, vector.Y * scale, vector.Z * scale, (float)Math.Cos(angle * 0.5f));
        }

        /// <summary>The shortest rotation that turns one direction into another; both of length 1.</summary>
        public static Quat FromTo(Vec3 from, Vec3 to)
        {
            float dot = Vec3.Dot(from, to);
            if (dot < -0.9999f)
            {
                Vec3 any = Math.Abs(from.X) < 0.9f ? new Vec3(1f, 0f, 0f) : new Vec3(0f, 1f, 0f);
                Vec3 across = Vec3.Cross(from, any).Normalized();
                return new Quat(across.X, across.Y, across.Z, 0f);
            }
            Vec3 axis = Vec3.Cross(from, to);
            return new Quat(axis.X, axis.Y, axis.Z, 1f + dot).Normalized();
        }

        /// <summary>The angle in radians between two rotations, 0 to pi.</summary>
        public static float Angle(Quat a, Quat b) => (a * b.Inverse).ToRotationVector().Length;
    }
}
