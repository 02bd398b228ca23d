using System;
using Transflower.Core;
using UnityEngine;
using UnityEngine.Events;

namespace Transflower
{
    /// <summary>
    /// Fires events in time with what is seen: on beats, on bars, and with the loudness of each picture. Beats come
    /// when
    /// the figure that is shown is on the beat, which is later than its update.
    /// </summary>
    [AddComponentMenu("Transflower/Beat Events")]
    public sealed class BeatEvents : MonoBehaviour
    {
        [Serializable]
        public sealed class BeatEvent : UnityEvent<int>
        {
        }

        [Serializable]
        public sealed class EnergyEvent : UnityEvent<float>
        {
        }

        [Tooltip("Where the dance comes from; any one of the scene, if none is set.")]
        [SerializeField] private DanceReceiver receiver;

        [Range(1, 12)]
        [SerializeField] private int beatsPerBar = 4;

        [Tooltip("Beats of which the bridge is less sure than this fire nothing.")]
        [Range(0f, 1f)]
        [SerializeField] private float minConfidence = 0.2f;

        [Tooltip("Fires earlier (negative) or later, for lamps that are slow; milliseconds.")]
        [Range(-200f, 200f)]
        [SerializeField] private float offsetMs;

        [Tooltip("On each beat, with its number.")]
        [SerializeField] private BeatEvent onBeat = new BeatEvent();

        [Tooltip("On each first beat of a bar, with the bar's number.")]
        [SerializeField] private BeatEvent onBar = new BeatEvent();

        [Tooltip("In each picture, with the loudness, about 0 to 1.")]
        [SerializeField] private EnergyEvent onEnergy = new EnergyEvent();

        private readonly BeatFollower _follower = new BeatFollower();

        public DanceReceiver Receiver
        {
            get => receiver;
            set => receiver = value;
        }

        public BeatEvent OnBeat => onBeat;

        public BeatEvent OnBar => onBar;

        public EnergyEvent OnEnergy => onEnergy;

        public int BeatsPerBar
        {
            get => beatsPerBar;
            set => beatsPerBar = Mathf.Max(1, value);
        }

        /// <summary>Part of the beat that has passed, 0 to 1; 0 when there is no beat. For shaders.</summary>
        public float Phase => _follower.IsKnown ? _follower.Phase : 0f;

        public float Bpm => _follower.IsKnown ? _follower.Bpm : 0f;

        public float Energy => _follower.Energy;

        private void Start()
        {
            if (receiver == null) receiver = SceneSearch.Any<DanceReceiver>();
        }

        private void LateUpdate()
        {
            if (receiver == null || !receiver.TryGetPose(out PoseFrame _)) return;
            BridgeUpdate latest = receiver.Latest;
            _follower.BeatsPerBar = beatsPerBar;
            _follower.Advance(ref latest, receiver.Stream.Playout.PlayUs - offsetMs * 1e3, Time.unscaledDeltaTime);
            if (_follower.HasBeat && _follower.Confidence >= minConfidence)
            {
                int beat = (int)Math.Floor(_follower.Beat);
                onBeat.Invoke(beat);
                if (_follower.HasBar) onBar.Invoke(beat / beatsPerBar);
            }
            onEnergy.Invoke(_follower.Energy);
        }
    }
}
