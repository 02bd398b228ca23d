// A stand-in for the mouse of Unity's Input System, and for what a press of it hits.
using System;
using System.Reflection;

namespace UnityEngine
{
    public struct Ray
    {
        public Ray(Vector3 origin, Vector3 direction)
        {
            this.origin = origin;
            this.direction = direction;
        }

        public Vector3 origin { get; set; }

        public Vector3 direction { get; set; }
    }

    public struct RaycastHit
    {
        public Collider collider { get; internal set; }
    }

    /// <summary>Looks along z; a pixel is a millimetre.</summary>
    public sealed class Camera : Behaviour
    {
        public static Camera main { get; set; }

        public float farClipPlane { get; set; } = 100f;

        public Ray ScreenPointToRay(Vector3 pos) =>
            new Ray(new Vector3(pos.x * 1e-3f, pos.y * 1e-3f, -10f), new Vector3(0f, 0f, 1f));
    }

    public static class Physics
    {
        /// <summary>Boxes that are not turned, and rays along z.</summary>
        public static bool Raycast(Ray ray, out RaycastHit hitInfo, float maxDistance)
        {
            hitInfo = default(RaycastHit);
            float nearest = maxDistance;
            foreach (Component component in Player.Components)
            {
                var box = component as BoxCollider;
                if (box == null) continue;
                Vector3 from = box.transform.InverseTransformPoint(ray.origin) - box.center, half = box.size * 0.5f;
                float distance = box.transform.position.z - ray.origin.z;
                if (Math.Abs(from.x) > half.x || Math.Abs(from.y) > half.y || distance < 0f || distance > nearest) continue;
                nearest = distance;
                hitInfo.collider = box;
            }
            return hitInfo.collider != null;
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        /// <summary>Calls the methods that an assembly wants called when the player starts.</summary>
        public static void Call(Assembly assembly)
        {
            foreach (Type type in assembly.GetTypes())
            {
                foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                {
                    if (method.IsDefined(typeof(RuntimeInitializeOnLoadMethodAttribute), false)) method.Invoke(null, null);
                }
            }
        }
    }
}

namespace UnityEngine.Scripting
{
    [AttributeUsage(AttributeTargets.Assembly)]
    public class AlwaysLinkAssemblyAttribute : Attribute
    {
    }
}

namespace UnityEngine.InputSystem
{
    public abstract class InputControl
    {
    }

    public abstract class InputControl<TValue> : InputControl
        where TValue : struct
    {
        /// <summary>What it reads, for tests.</summary>
        public TValue Now;

        public TValue ReadValue() => Now;
    }

    public class Pointer
    {
        public Controls.Vector2Control position { get; } = new Controls.Vector2Control();
    }

    public class Mouse : Pointer
    {
        public static Mouse current { get; set; }

        public Controls.ButtonControl leftButton { get; } = new Controls.ButtonControl();
    }
}

namespace UnityEngine.InputSystem.Controls
{
    public class Vector2Control : InputControl<Vector2>
    {
    }

    public class ButtonControl : InputControl<float>
    {
        public bool wasPressedThisFrame => Now > 0.5f;
    }
}
