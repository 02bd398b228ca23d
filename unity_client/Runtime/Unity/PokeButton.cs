using UnityEngine;
using UnityEngine.Events;

namespace Transflower
{
    /// <summary>
    /// A button in the room: pressed by a fingertip or controller that enters its box, or by the mouse. It needs no
    /// interaction toolkit; the pointers are any transforms that follow hands. The mouse is that of Unity's older input,
    /// or of the Input System where that package is installed.
    /// </summary>
    [AddComponentMenu("Transflower/Poke Button")]
    [RequireComponent(typeof(BoxCollider))]
    public sealed class PokeButton : MonoBehaviour
    {
        [Tooltip("Fingertips or controllers; those of the panel above, if none are set.")]
        [SerializeField] private Transform[] pointers = new Transform[0];

        [SerializeField] private UnityEvent onPressed = new UnityEvent();

        private const float PauseS = 0.5f; // so that a trembling finger presses once
        private BoxCollider _box;
        private bool _isInside;
        private float _nextPress;

        /// <summary>Whether the mouse was pressed in this picture, and where, in pixels of the screen.</summary>
        public delegate bool MouseReader(out Vector2 place);

        /// <summary>
        /// Asked in each picture, where set: without the older input no Unity before 6000.4 calls OnMouseDown. The assembly
        /// for the Input System sets it.
        /// </summary>
        public static MouseReader ReadMouse { get; set; }

        public UnityEvent OnPressed => onPressed;

        public Transform[] Pointers
        {
            get => pointers;
            set => pointers = value;
        }

        private void Awake() => _box = GetComponent<BoxCollider>();

        private void Update()
        {
            bool isInside = false;
            for (int i = 0; i < pointers.Length; i++)
            {
                if (pointers[i] == null) continue;
                isInside |= Holds(transform.InverseTransformPoint(pointers[i].position));
            }
            if (isInside && !_isInside) Press();
            _isInside = isInside;
            if (ReadMouse != null && ReadMouse(out Vector2 place) && IsUnder(place)) Press();
        }

        private void OnMouseDown() => Press();

        /// <summary>Whether the main camera sees this button there, before anything else.</summary>
        private bool IsUnder(Vector2 place)
        {
            Camera camera = Camera.main;
            if (camera == null) return false;
            Ray ray = camera.ScreenPointToRay(new Vector3(place.x, place.y, 0f));
            return Physics.Raycast(ray, out RaycastHit hit, camera.farClipPlane) && hit.collider == _box;
        }

        private bool Holds(Vector3 point)
        {
            Vector3 from = point - _box.center;
            Vector3 half = _box.size * 0.5f;
            return Mathf.Abs(from.x) <= half.x && Mathf.Abs(from.y) <= half.y && Mathf.Abs(from.z) <= half.z;
        }

        private void Press()
        {
            if (Time.unscaledTime < _nextPress) return;
            _nextPress = Time.unscaledTime + PauseS;
            onPressed.Invoke();
        }
    }
}
