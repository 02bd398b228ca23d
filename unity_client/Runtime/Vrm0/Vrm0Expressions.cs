using System;
using System.Collections.Generic;
using Transflower.Core;
using UnityEngine;
using VRM;

namespace Transflower
{
    /// <summary>
    /// Shows the facial expressions that VMC senders tell on an avatar of VRM 0.x. Compiled only where UniVRM is
    /// installed; the body needs nothing but a `HumanoidDancer`.
    /// </summary>
    [DefaultExecutionOrder(9010)]
    [AddComponentMenu("Transflower/VRM 0 Expressions")]
    public sealed class Vrm0Expressions : MonoBehaviour
    {
        [Tooltip("Where the stream comes from.")]
        [SerializeField] private DanceReceiver receiver;

        private readonly Dictionary<string, BlendShapeKey> _keys =
            new Dictionary<string, BlendShapeKey>(StringComparer.OrdinalIgnoreCase);

        private VRMBlendShapeProxy _face;
        private BlendShapeAvatar _shapesRead;
        private int _version;
        private bool _hasComplained;

        public DanceReceiver Receiver
        {
            get => receiver;
            set => receiver = value;
        }

        private void LateUpdate()
        {
            ExpressionTable expressions = receiver != null && receiver.Stream != null ? receiver.Stream.Expressions : null;
            if (expressions == null || expressions.Version == _version || !ReadFace()) return;
            _version = expressions.Version;
            for (int i = 0; i < expressions.Count; i++)
            {
                if (_keys.TryGetValue(expressions.Name(i), out BlendShapeKey key)) _face.AccumulateValue(key, expressions.Weight(i));
            }
            _face.Apply();
        }

        /// <summary>
        /// Learns the names of the face; false, and said once, while there is none: an avatar may be loaded later.
        /// </summary>
        private bool ReadFace()
        {
            if (_face == null) _face = GetComponent<VRMBlendShapeProxy>();
            BlendShapeAvatar shapes = _face != null ? _face.BlendShapeAvatar : null;
            if (shapes == null || shapes.Clips == null) return Complain();
            if (shapes == _shapesRead) return true;
            _keys.Clear();
            foreach (BlendShapeClip clip in shapes.Clips)
            {
                if (clip == null) continue;
                BlendShapeKey key = BlendShapeKey.CreateFromClip(clip);
                _keys[key.Name] = key;
            }
            _shapesRead = shapes;
            return true;
        }

        private bool Complain()
        {
            if (!_hasComplained)
                Debug.LogWarning("No face of VRM 0 here: put this beside the VRMBlendShapeProxy of an avatar.", this);
            _hasComplained = true;
            return false;
        }
    }
}
