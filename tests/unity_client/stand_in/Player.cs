using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace UnityEngine
{
    /// <summary>
    /// Unity's player loop, as far as documented: Awake and OnEnable when a component is added, Start before its first
    /// Update, all Updates, animation, all LateUpdates, each in the order of DefaultExecutionOrder. Tests call `Frame`.
    /// </summary>
    public static class Player
    {
        public static readonly List<Component> Components = new List<Component>();
        private static readonly HashSet<Component> Started = new HashSet<Component>();

        /// <summary>What the Animators of the scene do, between Update and LateUpdate.</summary>
        public static Action Animate;

        /// <summary>One frame that takes so many seconds.</summary>
        public static void Frame(float seconds)
        {
            Time.frameCount++;
            Time.unscaledDeltaTime = seconds;
            Time.unscaledTimeAsDouble += seconds;
            foreach (Component component in InOrder())
            {
                if (Started.Add(component)) Send(component, "Start");
            }
            foreach (Component component in InOrder()) Send(component, "Update");
            if (Animate != null) Animate();
            foreach (Component component in InOrder()) Send(component, "LateUpdate");
            Application.BeforeRender();
        }

        public static void Pause(bool isPaused)
        {
            foreach (Component component in Components.ToArray()) Send(component, "OnApplicationPause", isPaused);
        }

        /// <summary>Destroys the scene.</summary>
        public static void Clear()
        {
            foreach (GameObject made in Components.Select(component => component.gameObject).Distinct().ToArray())
                Object.DestroyImmediate(made);
            Animate = null;
        }

        internal static Component Add(GameObject to, Type type)
        {
            foreach (RequireComponent needed in type.GetCustomAttributes(typeof(RequireComponent), true))
            {
                if (!to.Components.Any(component => needed.Type.IsInstanceOfType(component))) Add(to, needed.Type);
            }
            var made = (Component)Activator.CreateInstance(type);
            made.gameObject = to;
            to.Components.Add(made);
            Components.Add(made);
            if (!to.activeInHierarchy) return made;
            Send(made, "Awake");
            if (made is Behaviour) Send(made, "OnEnable");
            return made;
        }

        internal static void Remove(GameObject gone)
        {
            while (gone.transform.childCount > 0) Object.DestroyImmediate(gone.transform.GetChild(0).gameObject);
            foreach (Component component in gone.Components.ToArray())
            {
                if (component != gone.transform) Object.DestroyImmediate(component);
            }
            gone.transform.SetParent(null, false);
            gone.transform.IsDestroyed = true;
        }

        internal static void Remove(Component gone)
        {
            if (!Components.Remove(gone)) return;
            var behaviour = gone as Behaviour;
            if (behaviour != null && behaviour.isActiveAndEnabled) Send(gone, "OnDisable");
            Send(gone, "OnDestroy");
            gone.gameObject.Components.Remove(gone);
        }

        internal static void Send(object to, string message, params object[] arguments)
        {
            MethodInfo method = to.GetType().GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
            if (method == null) return;
            try
            {
                method.Invoke(to, arguments);
            }
            catch (TargetInvocationException error)
            {
                throw new InvalidOperationException(to.GetType().Name + "." + message + ": " + error.InnerException, error);
            }
        }

        private static Component[] InOrder() => Components
            .Where(component => component is Behaviour && ((Behaviour)component).isActiveAndEnabled)
            .OrderBy(component => Order(component.GetType()))
            .ToArray();

        private static int Order(Type type)
        {
            var order = (DefaultExecutionOrder)Attribute.GetCustomAttribute(type, typeof(DefaultExecutionOrder));
            return order == null ? 0 : order.order;
        }
    }
}
