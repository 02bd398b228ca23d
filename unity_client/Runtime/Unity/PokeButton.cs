using UnityEngine;
using UnityEngine.Events;

namespace Transflower
{
    /// <summary>
    /// A button in the room: pressed by a fingertip or controller that enters its box, or by the mouse. It needs no
    /// interaction toolkit; the pointers are any transforms that follow hands.
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
        }

        private void OnMouseDown() => Press();

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
