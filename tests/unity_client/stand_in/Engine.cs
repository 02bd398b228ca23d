using System;
using System.Collections.Generic;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DefaultExecutionOrder : Attribute
    {
        public DefaultExecutionOrder(int order)
        {
            this.order = order;
        }

        public int order { get; }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RequireComponent : Attribute
    {
        internal readonly Type Type;

        public RequireComponent(Type requiredComponent)
        {
            Type = requiredComponent;
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DisallowMultipleComponent : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName)
        {
        }
    }

    public abstract class PropertyAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class HeaderAttribute : PropertyAttribute
    {
        public HeaderAttribute(string header)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class RangeAttribute : PropertyAttribute
    {
        public RangeAttribute(float min, float max)
        {
        }
    }

    public static class Time
    {
        public static int frameCount { get; internal set; }

        public static float unscaledDeltaTime { get; internal set; }

        public static double unscaledTimeAsDouble { get; internal set; }

        public static float unscaledTime => (float)unscaledTimeAsDouble;

        public static float deltaTime => unscaledDeltaTime;
    }

    public static class Debug
    {
        /// <summary>What was said, for tests.</summary>
        public static readonly List<string> Said = new List<string>();

        public static void Log(object message) => Said.Add(message.ToString());

        public static void LogWarning(object message, Object context) => Said.Add(message.ToString());
    }

    public static class Application
    {
        public static bool isPlaying { get; set; } = true;

        public static bool runInBackground { get; set; }

        public static event Events.UnityAction onBeforeRender;

        internal static void BeforeRender()
        {
            if (onBeforeRender != null) onBeforeRender();
        }
    }

    public sealed class Shader : Object
    {
        private static readonly List<string> Names = new List<string>();

        public static int PropertyToID(string name)
        {
            if (!Names.Contains(name)) Names.Add(name);
            return Names.IndexOf(name);
        }
    }

    public sealed class Material : Object
    {
    }

    public sealed class MaterialPropertyBlock
    {
        internal readonly Dictionary<int, Color> Colours = new Dictionary<int, Color>();

        public void SetColor(int nameID, Color value) => Colours[nameID] = value;
    }

    public class Renderer : Component
    {
        /// <summary>The colour that a shader would read, for tests.</summary>
        public Color Shown;

        public Material sharedMaterial { get; set; }

        public void SetPropertyBlock(MaterialPropertyBlock properties) =>
            Shown = properties.Colours[Shader.PropertyToID("_BaseColor")];
    }

    public sealed class MeshRenderer : Renderer
    {
    }

    public class Collider : Component
    {
    }

    public sealed class BoxCollider : Collider
    {
        public Vector3 center { get; set; }

        public Vector3 size { get; set; } = Vector3.one;
    }

    public sealed class MeshCollider : Collider
    {
    }

    public enum TextAnchor
    {
        UpperLeft = 0,
        MiddleCenter = 4,
    }

    public sealed class Font : Object
    {
        public Material material { get; set; } = new Material();
    }

    [RequireComponent(typeof(MeshRenderer))]
    public sealed class TextMesh : Component
    {
        public string text { get; set; } = "";

        public float characterSize { get; set; } = 1f;

        public int fontSize { get; set; }

        public TextAnchor anchor { get; set; }

        public Color color { get; set; }

        public Font font { get; set; }
    }

    public static class Resources
    {
        public static T GetBuiltinResource<T>(string path) where T : Object, new() => new T();
    }

    public sealed class Light : Behaviour
    {
        public Color color { get; set; }

        public float intensity { get; set; } = 1f;
    }

    namespace Events
    {
        public delegate void UnityAction();

        public delegate void UnityAction<T0>(T0 arg0);

        public class UnityEvent
        {
            private event UnityAction Calls;

            public void AddListener(UnityAction call) => Calls += call;

            public void RemoveListener(UnityAction call) => Calls -= call;

            public void Invoke()
            {
                if (Calls != null) Calls();
            }
        }

        public class UnityEvent<T0>
        {
            private event UnityAction<T0> Calls;

            public void AddListener(UnityAction<T0> call) => Calls += call;

            public void RemoveListener(UnityAction<T0> call) => Calls -= call;

            public void Invoke(T0 arg0)
            {
                if (Calls != null) Calls(arg0);
            }
        }
    }
}
