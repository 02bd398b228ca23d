using System;
using Transflower.Core;
using UnityEngine;

namespace Transflower
{
    /// <summary>
    /// Receives a dance at a UDP port and knows the pose for each picture. One receiver serves any number of dancers.
    /// The port is open while the component is enabled and the application is not paused, and is free otherwise.
    /// </summary>
    [DefaultExecutionOrder(-100)]
    [DisallowMultipleComponent]
    [AddComponentMenu("Transflower/Dance Receiver")]
    public sealed class DanceReceiver : MonoBehaviour
    {
        /// <summary>Where the bridge sends its own protocol, and VMC, by default.</summary>
        public const int DancePort = 39550, VmcPort = 39539;

        private const double RetryS = 2.0;
        private const double WhyLastsS = 3.0; // it is sent once a second

        [Tooltip("UDP port: 39550 is where the bridge sends its own protocol, 39539 is that of VMC.")]
        [SerializeField] private int port = DancePort;

        [Tooltip("Any takes both, and prefers the bridge's own.")]
        [SerializeField] private StreamProtocol protocol = StreamProtocol.Any;

        [Tooltip("Hear this machine only. Switch it off when the bridge runs on another one, as it does for a headset; "
            + "the port is then open to the network, and Windows asks for that once.")]
        [SerializeField] private bool thisMachineOnly = true;

        [Header("Delay, which adapts to the network between these bounds")]
        [Range(0f, 250f)]
        [SerializeField] private float minDelayMs;

        [Range(50f, 500f)]
        [SerializeField] private float maxDelayMs = 250f;

        [Tooltip("Added to the delay that the network needs, to make the dance later than it must be.")]
        [Range(0f, 500f)]
        [SerializeField] private float extraDelayMs;

        [Tooltip("The way to the bridge, if there is one: with it, the latency includes the network.")]
        [SerializeField] private DanceControl control;

        private readonly PoseFrame _pose = new PoseFrame();
        private DanceSocket _socket;
        private int _sampledFrame = -1;
        private double _retryTime;
        private bool _isPaused;
        private BridgeUpdate _latest;

        /// <summary>The stream; null while the component has never been enabled. It outlives pauses.</summary>
        public DanceStream Stream { get; private set; }

        /// <summary>Why the port is not open; null when all is well.</summary>
        public string Problem { get; private set; }

        /// <summary>Whether datagrams are listened for.</summary>
        public bool IsListening => _socket != null;

        /// <summary>
        /// The port that is listened at, which is another than `Port` when that is 0; 0 when there is none.
        /// </summary>
        public int ListeningPort => _socket != null ? _socket.Port : 0;

        /// <summary>Whether there is a pose.</summary>
        public bool HasPose { get; private set; }

        /// <summary>The port; a change opens the new one.</summary>
        public int Port
        {
            get => port;
            set => Reconfigure(() => port = value);
        }

        public StreamProtocol Protocol
        {
            get => protocol;
            set => Reconfigure(() => protocol = value);
        }

        public bool ThisMachineOnly
        {
            get => thisMachineOnly;
            set => Reconfigure(() => thisMachineOnly = value);
        }

        public float ExtraDelayMs
        {
            get => extraDelayMs;
            set => extraDelayMs = value;
        }

        public DanceControl Control
        {
            get => control;
            set => control = value;
        }

        /// <summary>The dancer's rest pose; null before a pose came.</summary>
        public StreamSkeleton Skeleton => Stream?.Skeleton;

        /// <summary>What the bridge sent beside the poses, as of this picture.</summary>
        public BridgeUpdate Latest => _latest;

        /// <summary>The former name of `Latest`.</summary>
        [Obsolete("News is called Latest now")]
        public BridgeUpdate News => _latest;

        /// <summary>
        /// Why nobody dances and what can be done about it, in one line of the bridge's own; empty while somebody dances,
        /// and when no bridge has sent it for three seconds. It comes before the first pose already; VMC does not send it.
        /// </summary>
        public string Why => _latest.WhyCount > 0 && LocalClock.NowUs - _latest.WhyArrivalUs < WhyLastsS * 1e6
            ? _latest.WhyText
            : "";

        /// <summary>Seconds since the newest pose came; infinity before the first.</summary>
        public float SilenceS => HasPose
            ? (float)((LocalClock.NowUs - Stream.Playout.NewestArrivalUs) * 1e-6)
            : float.PositiveInfinity;

        /// <summary>
        /// From the sound in the room to this picture, in milliseconds, as far as it is known: what the bridge says of
        /// itself, the network when there is a `DanceControl` that is answered, and the play-out delay.
        /// </summary>
        public float LatencyMs
        {
            get
            {
                if (!HasPose) return 0f;
                double network = control != null && control.IsAnswered
                    ? Math.Max(0.0, (Stream.Playout.OffsetUs - control.ClockOffsetUs) * 1e-3)
                    : 0.0;
                return _latest.TotalMs + (float)(network + Stream.Playout.DelayMs);
            }
        }

        /// <summary>
        /// The pose for this picture; false as long as there is none. Sampled once a picture, by the first who asks.
        /// </summary>
        public bool TryGetPose(out PoseFrame pose)
        {
            Refresh();
            pose = _pose;
            return HasPose;
        }

        /// <summary>Closes and opens the port, and begins the stream anew.</summary>
        public void Restart()
        {
            Close();
            Stream = null;
            HasPose = false;
            if (isActiveAndEnabled && !_isPaused) Open();
        }

        private void OnEnable()
        {
            Problem = null;
            Open();
        }

        private void OnDisable() => Close();

        private void OnApplicationPause(bool isPaused)
        {
            _isPaused = isPaused;
            if (isPaused) Close();
            else if (isActiveAndEnabled) Open();
        }

        private void OnApplicationQuit() => Close();

        private void Update()
        {
            if (_socket == null && !_isPaused && Time.unscaledTimeAsDouble >= _retryTime) Open();
        }

        private void LateUpdate() => Refresh();

        private void Refresh()
        {
            if (_sampledFrame == Time.frameCount || Stream == null) return;
            _sampledFrame = Time.frameCount;
            PlayoutBuffer playout = Stream.Playout;
            playout.MinDelayMs = minDelayMs;
            playout.MaxDelayMs = Mathf.Max(minDelayMs, maxDelayMs);
            playout.ExtraDelayMs = extraDelayMs;
            Stream.ReadLatest(ref _latest);
            HasPose = Stream.Sample(LocalClock.NowUs, Time.unscaledDeltaTime, _pose);
        }

        private void Open()
        {
            if (_socket != null) return;
            if (Stream == null) Stream = new DanceStream(protocol);
            try
            {
                _socket = new DanceSocket(Stream, port, thisMachineOnly);
                Problem = null;
            }
            catch (InvalidOperationException error)
            {
                if (Problem != error.Message) Debug.LogWarning(error.Message, this); // once, though it is tried again
                Problem = error.Message;
                _retryTime = Time.unscaledTimeAsDouble + RetryS;
            }
        }

        private void Close()
        {
            _socket?.Dispose();
            _socket = null;
        }

        private void Reconfigure(Action change)
        {
            change();
            Restart();
        }
    }
}
