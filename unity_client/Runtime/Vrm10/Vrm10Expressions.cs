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
    [RequireComponent(typeof(Vrm10Instance))]
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
        private int _version;

        public DanceReceiver Receiver
        {
            get => receiver;
            set => receiver = value;
        }

        private void Start()
        {
            _avatar = GetComponent<Vrm10Instance>();
            foreach (ExpressionKey key in _avatar.Runtime.Expression.ExpressionKeys) _keys[key.Name] = key;
            for (int i = 0; i < OldNames.Length; i++)
            {
                if (_keys.ContainsKey(OldNames[i])) continue;
                if (_keys.TryGetValue(NewNames[i], out ExpressionKey key)) _keys[OldNames[i]] = key;
            }
        }

        private void LateUpdate()
        {
            ExpressionTable told = receiver != null && receiver.Stream != null ? receiver.Stream.Expressions : null;
            if (told == null || told.Version == _version) return;
            _version = told.Version;
            for (int i = 0; i < told.Count; i++)
            {
                if (_keys.TryGetValue(told.Name(i), out ExpressionKey key))
                    _avatar.Runtime.Expression.SetWeight(key, told.Weight(i));
            }
        }
    }
}
