using System;

namespace Transflower.Core
{
    /// <summary>A point or direction in Unity's axes: left-handed, Y up, +Z forward, metres.</summary>
    public struct Vec3
    {
        public float X, Y, Z;

        public Vec3(float x, float y, float z)
        {
            X = x;
            Y = y;
            Z = z;
        }

        public static Vec3 Zero => default(Vec3);

        public static Vec3 operator +(Vec3 a, Vec3 b) => new Vec3(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

        public static Vec3 operator -(Vec3 a, Vec3 b) => new Vec3(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

        public static Vec3 operator *(Vec3 a, float factor) => new Vec3(a.X * factor, a.Y * factor, a.Z * factor);

        public static float Dot(Vec3 a, Vec3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

        public static Vec3 Cross(Vec3 a, Vec3 b) =>
            new Vec3(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);

        public static Vec3 Lerp(Vec3 a, Vec3 b, float weight) => a + (b - a) * weight;

        public float Length => (float)Math.Sqrt(Dot(this, this));

        /// <summary>The same direction, no longer than this.</summary>
        public Vec3 AtMost(float length)
        {
            float own = Length;
            return own <= length ? this : this * (length / own);
        }

        /// <summary>The same direction with length 1; a vector of no length stays as it is.</summary>
        public Vec3 Normalized()
        {
            float own = Length;
            return own < 1e-12f ? this : this * (1f / own);
        }
    }
}
