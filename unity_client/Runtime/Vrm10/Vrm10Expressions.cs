using System;
using System.Collections.Generic;
using Transflower.Core;
using UnityEngine;
using UniVRM10;

namespace Transflower
{
    /// <summary>
    /// Shows the facial expressions that VMC senders tell on an avatar of VRM 1.0; senders may use the names of VRM 0,
    /// too. Compiled only where UniVRM is installed; the body needs nothing but a `HumanoidDancer`.
    /// </summary>
    [DefaultExecutionOrder(9010)]
    [AddComponentMenu("Transflower/VRM 1 Expressions")]
    public sealed class Vrm10Expressions : MonoBehaviour
    {
        [Tooltip("Where the stream comes from.")]
        [SerializeField] private DanceReceiver receiver;

        /// <summary>Names of VRM 0, and what VRM 1 calls them.</summary>
        private static readonly string[] OldNames =
            { "Joy", "Angry", "Sorrow", "Fun", "A", "I", "U", "E", "O", "Blink_L", "Blink_R" };

        private static readonly string[] NewNames =
            { "happy", "angry", "sad", "relaxed", "aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight" };

        private readonly Dictionary<string, ExpressionKey> _keys =
            new Dictionary<string, ExpressionKey>(StringComparer.OrdinalIgnoreCase);

        private Vrm10Instance _avatar;
        private VRM10Object _describedRead;
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
                if (_keys.TryGetValue(expressions.Name(i), out ExpressionKey key))
                    _avatar.Runtime.Expression.SetWeight(key, expressions.Weight(i));
            }
        }

        /// <summary>
        /// Learns the names of the face; false, and said once, while there is none: an avatar may be loaded later, and
        /// UniVRM makes no runtime of an instance that is empty.
        /// </summary>
        private bool ReadFace()
        {
            if (_avatar == null) _avatar = GetComponent<Vrm10Instance>();
            VRM10Object described = _avatar != null ? _avatar.Vrm : null;
            if (described == null) return Complain();
            if (described == _describedRead) return true;
            _keys.Clear();
            foreach (ExpressionKey key in _avatar.Runtime.Expression.ExpressionKeys) _keys[key.Name] = key;
            for (int i = 0; i < OldNames.Length; i++)
            {
                if (_keys.ContainsKey(OldNames[i])) continue;
                if (_keys.TryGetValue(NewNames[i], out ExpressionKey key)) _keys[OldNames[i]] = key;
            }
            _describedRead = described;
            return true;
        }

        private bool Complain()
        {
            if (!_hasComplained)
                Debug.LogWarning("No face of VRM 1 here: put this beside the Vrm10Instance of an avatar.", this);
            _hasComplained = true;
            return false;
        }
    }
}
