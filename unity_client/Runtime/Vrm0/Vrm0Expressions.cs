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
    [RequireComponent(typeof(VRMBlendShapeProxy))]
    [AddComponentMenu("Transflower/VRM 0 Expressions")]
    public sealed class Vrm0Expressions : MonoBehaviour
    {
        [Tooltip("Where the stream comes from.")]
        [SerializeField] private DanceReceiver receiver;

        private readonly Dictionary<string, BlendShapeKey> _keys =
            new Dictionary<string, BlendShapeKey>(StringComparer.OrdinalIgnoreCase);

        private VRMBlendShapeProxy _face;
        private int _version;

        public DanceReceiver Receiver
        {
            get => receiver;
            set => receiver = value;
        }

        private void Start()
        {
            _face = GetComponent<VRMBlendShapeProxy>();
            foreach (BlendShapeClip clip in _face.BlendShapeAvatar.Clips)
            {
                if (clip == null) continue;
                BlendShapeKey key = BlendShapeKey.CreateFromClip(clip);
                _keys[key.Name] = key;
            }
        }

        private void LateUpdate()
        {
            ExpressionTable told = receiver != null && receiver.Stream != null ? receiver.Stream.Expressions : null;
            if (told == null || told.Version == _version) return;
            _version = told.Version;
            for (int i = 0; i < told.Count; i++)
            {
                if (_keys.TryGetValue(told.Name(i), out BlendShapeKey key)) _face.AccumulateValue(key, told.Weight(i));
            }
            _face.Apply();
        }
    }
}
