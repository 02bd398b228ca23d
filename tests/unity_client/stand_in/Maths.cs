// A stand-in for the parts of UnityEngine that the package uses, written from Unity's documentation, so that its
// components compile and run without Unity. It proves what they do, not that Unity does the same.
using System;

namespace UnityEngine
{
    public struct Vector2
    {
        public float x, y;
    }

    public struct Vector3
    {
        public float x, y, z;

        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        public static Vector3 zero => new Vector3(0f, 0f, 0f);

        public static Vector3 one => new Vector3(1f, 1f, 1f);

        public static Vector3 up => new Vector3(0f, 1f, 0f);

        public float magnitude => (float)Math.Sqrt(x * x + y * y + z * z);

        public static Vector3 operator +(Vector3 a, Vector3 b) => new Vector3(a.x + b.x, a.y + b.y, a.z + b.z);

        public static Vector3 operator -(Vector3 a, Vector3 b) => new Vector3(a.x - b.x, a.y - b.y, a.z - b.z);

        public static Vector3 operator *(Vector3 a, float d) => new Vector3(a.x * d, a.y * d, a.z * d);

        public static Vector3 Scale(Vector3 a, Vector3 b) => new Vector3(a.x * b.x, a.y * b.y, a.z * b.z);

        public static Vector3 Cross(Vector3 a, Vector3 b) =>
            new Vector3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);

        public static Vector3 Lerp(Vector3 a, Vector3 b, float t) => a + (b - a) * Mathf.Clamp01(t);
    }

    public struct Quaternion
    {
        public float x, y, z, w;

        public Quaternion(float x, float y, float z, float w)
        {
            this.x = x;
            this.y = y;
            this.z = z;
            this.w = w;
        }

        public static Quaternion identity => new Quaternion(0f, 0f, 0f, 1f);

        public static Quaternion operator *(Quaternion a, Quaternion b) => new Quaternion(
            a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
            a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x,
            a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);

        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            var axis = new Vector3(q.x, q.y, q.z);
            Vector3 t = Vector3.Cross(axis, v) * 2f;
            return v + t * q.w + Vector3.Cross(axis, t);
        }

        public static float Dot(Quaternion a, Quaternion b) => a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;

        public static Quaternion Inverse(Quaternion q) => new Quaternion(-q.x, -q.y, -q.z, q.w);

        /// <summary>Degrees.</summary>
        public static Quaternion AngleAxis(float angle, Vector3 axis)
        {
            double half = angle * Math.PI / 360.0;
            Vector3 part = axis * ((float)Math.Sin(half) / axis.magnitude);
            return new Quaternion(part.x, part.y, part.z, (float)Math.Cos(half));
        }

        public static Quaternion Slerp(Quaternion a, Quaternion b, float t)
        {
            t = Mathf.Clamp01(t);
            double dot = Dot(a, b), sign = dot < 0 ? -1 : 1;
            double angle = Math.Acos(Math.Min(1.0, dot * sign)), sine = Math.Sin(angle);
            double p = sine < 1e-4 ? 1 - t : Math.Sin((1 - t) * angle) / sine, q = sign * (sine < 1e-4 ? t : Math.Sin(t * angle) / sine);
            return new Quaternion(
                (float)(p * a.x + q * b.x), (float)(p * a.y + q * b.y), (float)(p * a.z + q * b.z), (float)(p * a.w + q * b.w));
        }
    }

    /// <summary>Kept as what it is made of: enough for chains of uniform or per-axis scales along the axes.</summary>
    public struct Matrix4x4
    {
        private Vector3 _x, _y, _z, _origin;

        public static Matrix4x4 identity => TRS(Vector3.zero, Quaternion.identity, Vector3.one);

        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s) => new Matrix4x4
        {
            _x = q * new Vector3(s.x, 0f, 0f),
            _y = q * new Vector3(0f, s.y, 0f),
            _z = q * new Vector3(0f, 0f, s.z),
            _origin = pos,
        };

        public static Matrix4x4 operator *(Matrix4x4 lhs, Matrix4x4 rhs) => new Matrix4x4
        {
            _x = lhs.Direction(rhs._x),
            _y = lhs.Direction(rhs._y),
            _z = lhs.Direction(rhs._z),
            _origin = lhs.MultiplyPoint3x4(rhs._origin),
        };

        public Vector3 MultiplyPoint3x4(Vector3 point) => Direction(point) + _origin;

        private Vector3 Direction(Vector3 v) => _x * v.x + _y * v.y + _z * v.z;
    }

    public struct Color
    {
        public float r, g, b, a;

        public Color(float r, float g, float b)
            : this(r, g, b, 1f)
        {
        }

        public Color(float r, float g, float b, float a)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }

        public static Color white => new Color(1f, 1f, 1f);

        public static Color Lerp(Color a, Color b, float t)
        {
            t = Mathf.Clamp01(t);
            return new Color(a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t, a.a + (b.a - a.a) * t);
        }

        public static Color HSVToRGB(float h, float s, float v) => new Color(v, v * (1f - s), h);
    }

    public struct Rect
    {
        public float x, y, width, height;

        public Rect(float x, float y, float width, float height)
        {
            this.x = x;
            this.y = y;
            this.width = width;
            this.height = height;
        }
    }

    public static class Mathf
    {
        public static float Clamp01(float value) => value < 0f ? 0f : value > 1f ? 1f : value;

        public static float Clamp(float value, float min, float max) => value < min ? min : value > max ? max : value;

        public static float Max(float a, float b) => a > b ? a : b;

        public static int Max(int a, int b) => a > b ? a : b;

        public static float Abs(float f) => Math.Abs(f);

        public static float Lerp(float a, float b, float t) => a + (b - a) * Clamp01(t);

        public static float MoveTowards(float current, float target, float maxDelta) =>
            Math.Abs(target - current) <= maxDelta ? target : current + Math.Sign(target - current) * maxDelta;

        public static int RoundToInt(float f) => (int)Math.Round(f);
    }
}
