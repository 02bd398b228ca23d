using System;
using System.Collections.Generic;

namespace UnityEngine
{
    [Flags]
    public enum HideFlags
    {
        None = 0,
        HideAndDontSave = 61,
    }

    public enum PrimitiveType
    {
        Sphere,
        Capsule,
        Cylinder,
        Cube,
        Plane,
        Quad,
    }

    /// <summary>Equals null once it was destroyed.</summary>
    public class Object
    {
        internal bool IsDestroyed;

        public virtual string name { get; set; } = "";

        public HideFlags hideFlags { get; set; }

        public static implicit operator bool(Object exists) => exists != null;

        public static bool operator ==(Object x, Object y)
        {
            bool noX = ReferenceEquals(x, null) || x.IsDestroyed, noY = ReferenceEquals(y, null) || y.IsDestroyed;
            return noX || noY ? noX && noY : ReferenceEquals(x, y);
        }

        public static bool operator !=(Object x, Object y) => !(x == y);

        public override bool Equals(object other) => this == other as Object;

        public override int GetHashCode() => base.GetHashCode();

        /// <summary>At the end of the frame in Unity; at once here.</summary>
        public static void Destroy(Object obj) => DestroyImmediate(obj);

        public static void DestroyImmediate(Object obj)
        {
            if (obj == null) return;
            var gone = obj as GameObject;
            if (!ReferenceEquals(gone, null)) Player.Remove(gone);
            var component = obj as Component;
            if (!ReferenceEquals(component, null)) Player.Remove(component);
            if (obj is Avatar) Avatar.NumBuilt--;
            obj.IsDestroyed = true;
        }

        public static T FindObjectOfType<T>() where T : Object
        {
            foreach (Component component in Player.Components)
            {
                if (component is T && component.gameObject.activeInHierarchy) return (T)(Object)component;
            }
            return null;
        }

        public static T FindAnyObjectByType<T>() where T : Object => FindObjectOfType<T>();
    }

    public class ScriptableObject : Object
    {
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform => gameObject.transform;

        public override string name
        {
            get => gameObject.name;
            set => gameObject.name = value;
        }

        public T GetComponent<T>() => gameObject.GetComponent<T>();
    }

    public class Behaviour : Component
    {
        internal bool IsEnabledField = true;

        public bool enabled
        {
            get => IsEnabledField;
            set
            {
                if (IsEnabledField == value) return;
                IsEnabledField = value;
                Player.Send(this, value ? "OnEnable" : "OnDisable");
            }
        }

        public bool isActiveAndEnabled => IsEnabledField && gameObject.activeInHierarchy;
    }

    public class MonoBehaviour : Behaviour
    {
    }

    public sealed class GameObject : Object
    {
        internal readonly List<Component> Components = new List<Component>();
        private bool _isActive = true;

        public GameObject()
            : this("New Game Object")
        {
        }

        public GameObject(string name)
        {
            this.name = name;
            transform = new Transform { gameObject = this };
            Components.Add(transform);
        }

        public Transform transform { get; }

        public bool activeInHierarchy => _isActive && (transform.parent == null || transform.parent.gameObject.activeInHierarchy);

        public void SetActive(bool value)
        {
            if (_isActive == value) return;
            _isActive = value;
            foreach (Component component in Components.ToArray())
            {
                var behaviour = component as Behaviour;
                if (behaviour != null && behaviour.enabled) Player.Send(behaviour, value ? "OnEnable" : "OnDisable");
            }
        }

        public T GetComponent<T>()
        {
            foreach (Component component in Components)
            {
                if (component is T) return (T)(object)component;
            }
            return default(T);
        }

        public T AddComponent<T>() where T : Component, new() => (T)Player.Add(this, typeof(T));

        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<MeshRenderer>();
            if (type == PrimitiveType.Cube) made.AddComponent<BoxCollider>();
            else made.AddComponent<MeshCollider>();
            return made;
        }
    }

    public sealed class Transform : Component
    {
        private Transform _parent;
        private readonly List<Transform> _children = new List<Transform>();

        public Vector3 localPosition { get; set; }

        public Quaternion localRotation { get; set; } = Quaternion.identity;

        public Vector3 localScale { get; set; } = Vector3.one;

        public int childCount => _children.Count;

        public Transform parent
        {
            get => _parent;
            set => SetParent(value, true);
        }

        public Quaternion rotation
        {
            get => _parent == null ? localRotation : _parent.rotation * localRotation;
            set => localRotation = _parent == null ? value : Quaternion.Inverse(_parent.rotation) * value;
        }

        public Vector3 position
        {
            get => _parent == null ? localPosition : _parent.TransformPoint(localPosition);
            set => localPosition = _parent == null ? value : _parent.InverseTransformPoint(value);
        }

        public Transform GetChild(int index) => _children[index];

        public void SetParent(Transform p, bool worldPositionStays)
        {
            Vector3 place = position;
            Quaternion turn = rotation;
            if (_parent != null) _parent._children.Remove(this);
            _parent = p;
            if (p != null) p._children.Add(this);
            if (!worldPositionStays) return;
            position = place;
            rotation = turn;
        }

        public Vector3 TransformPoint(Vector3 point)
        {
            Vector3 placed = localRotation * Vector3.Scale(localScale, point) + localPosition;
            return _parent == null ? placed : _parent.TransformPoint(placed);
        }

        public Vector3 InverseTransformPoint(Vector3 point)
        {
            Vector3 above = _parent == null ? point : _parent.InverseTransformPoint(point);
            Vector3 turned = Quaternion.Inverse(localRotation) * (above - localPosition);
            return new Vector3(turned.x / localScale.x, turned.y / localScale.y, turned.z / localScale.z);
        }
    }
}
