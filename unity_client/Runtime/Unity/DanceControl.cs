using System;
using Transflower.Core;
using UnityEngine;

namespace Transflower
{
    /// <summary>
    /// Steers the bridge: each method sends one of its controls, so sliders and buttons call them directly. It also
    /// compares clocks with the bridge once a second, by which the latency over the network is known.
    /// </summary>
    [DefaultExecutionOrder(-110)]
    [DisallowMultipleComponent]
    [AddComponentMenu("Transflower/Dance Control")]
    public sealed class DanceControl : MonoBehaviour
    {
        /// <summary>Where the bridge receives controls by default.</summary>
        public const int ControlPort = 39540;

        private const double RetryS = 30.0; // looking for a name that nobody has may take seconds

        [Tooltip("The bridge's machine, best by its address. It hears others only with --control 0.0.0.0:39540.")]
        [SerializeField] private string host = "127.0.0.1";

        [SerializeField] private int port = ControlPort;

        private ControlLink _link;
        private double _retryTime;

        public string Host
        {
            get => host;
            set
            {
                host = value;
                Reopen();
            }
        }

        public int Port
        {
            get => port;
            set
            {
                port = value;
                Reopen();
            }
        }

        /// <summary>Why controls cannot be sent; null when all is well.</summary>
        public string Problem { get; private set; }

        /// <summary>Whether the bridge has answered.</summary>
        public bool IsAnswered => _link != null && _link.IsAnswered;

        /// <summary>This machine's clock minus the bridge's, in microseconds; valid when it has answered.</summary>
        public double ClockOffsetUs => _link != null ? _link.OffsetUs : 0.0;

        /// <summary>To the bridge and back, in milliseconds.</summary>
        public float RoundTripMs => _link != null ? (float)(_link.RoundTripUs * 1e-3) : 0f;

        // From here: written by `make tables` from data/tables/controls.json.
        /// <summary>Spread of the dance: 1 as learned, less is calmer. Takes 0 to 2.</summary>
        public void SetTemperature(float value) => Send("/dance/control/temperature", value);

        /// <summary>
        /// How much the body moves; 0.5 is the average of what was learned, of the style if one is asked for. Takes 0
        /// to 1.
        /// </summary>
        public void SetEnergy(float value) => Send("/dance/control/energy", value);

        /// <summary>
        /// How much the beat modulates the speed of the body; as suits the dancer until it is set. Takes 0 to 1.
        /// </summary>
        public void SetGroove(float value) => Send("/dance/control/groove", value);

        /// <summary>
        /// How much the chance of a frame resembles the frame before; as fitted to real dance until it is set. Takes 0
        /// to 0.95.
        /// </summary>
        public void SetNoiseCorrelation(float value) => Send("/dance/control/noise_correlation", value);

        /// <summary>
        /// A style of the dancer, by its letters (HO) or its name (House); empty leaves it to the dancer.
        /// </summary>
        public void SetStyle(string value) => Send("/dance/control/style", value);

        /// <summary>
        /// How strongly the style that is asked for is exaggerated; 0 is off; of dancers without a plan. Takes 0 to 8.
        /// </summary>
        public void SetStyleGuidance(float value) => Send("/dance/control/style_guidance", value);

        /// <summary>
        /// Share of phrases that are choreographed, the others being improvised; of dancers with a plan. Takes 0 to 1.
        /// </summary>
        public void SetPlan(float value) => Send("/dance/control/plan", value);

        /// <summary>Dances the present phrase again and again.</summary>
        public void SetHoldPhrase(bool value) => Send("/dance/control/hold_phrase", value ? 1 : 0);

        /// <summary>Leaves the present phrase for another on the next beat.</summary>
        public void NextPhrase() => Send("/dance/control/next_phrase");

        /// <summary>The pose from which a dance starts, such as HO-1 or House 1; empty lets the seed choose.</summary>
        public void SetSeedPose(string value) => Send("/dance/control/seed_pose", value);

        /// <summary>Begins another dance, the one of this number, where the dancer is. Takes 0 to 2147483647.</summary>
        public void SetSeed(int value) => Send("/dance/control/seed", value);

        /// <summary>Holds the pose like a statue.</summary>
        public void SetFreeze(bool value) => Send("/dance/control/freeze", value ? 1 : 0);

        /// <summary>Left and right change places.</summary>
        public void SetMirror(bool value) => Send("/dance/control/mirror", value ? 1 : 0);

        /// <summary>How strongly the dance is led back to its front; 0 is off. Takes 0 to 1.</summary>
        public void SetFacing(float value) => Send("/dance/control/facing", value);

        /// <summary>
        /// Direction of the front, about the vertical from forward to the figure's left. Takes -180 to 180 deg.
        /// </summary>
        public void SetFrontDeg(float value) => Send("/dance/control/front_deg", value);

        /// <summary>Feet that carry the body stay where they are.</summary>
        public void SetFootLock(bool value) => Send("/dance/control/foot_lock", value ? 1 : 0);

        /// <summary>Hips follow the feet: nobody floats, and the body keeps its balance.</summary>
        public void SetGrounding(bool value) => Send("/dance/control/grounding", value ? 1 : 0);

        /// <summary>While music sounds the dance does not stand for longer than a moment.</summary>
        public void SetKeepMoving(bool value) => Send("/dance/control/keep_moving", value ? 1 : 0);

        /// <summary>Speech, applause and noise are not danced to.</summary>
        public void SetMusicOnly(bool value) => Send("/dance/control/music_only", value ? 1 : 0);

        /// <summary>Stands idle whatever sounds.</summary>
        public void SetIdle(bool value) => Send("/dance/control/idle", value ? 1 : 0);

        /// <summary>Radius of the circle in which the hips stay; 0 is the spot, 0.25 m. Takes 0 to 20 m.</summary>
        public void SetLeashM(float value) => Send("/dance/control/leash_m", value);

        /// <summary>Sound louder than this is danced to. Takes -90 to 0 dBFS.</summary>
        public void SetThresholdDbfs(float value) => Send("/dance/control/threshold_dbfs", value);

        /// <summary>Eases into standing idle as fast as looks human, and stays there until idle 0.</summary>
        public void Panic() => Send("/dance/control/panic");

        /// <summary>Begins the dance anew, at home.</summary>
        public void ResetDance() => Send("/dance/control/reset");

        /// <summary>Marks a part of the take, which holds the whole performance anyway.</summary>
        public void SetRecord(bool value) => Send("/dance/control/record", value ? 1 : 0);

        /// <summary>One tap of a finger on each beat sets tempo and phase.</summary>
        public void Tap() => Send("/dance/control/tap");

        /// <summary>Who tells the beat: auto, audio, tap, midi or link.</summary>
        public void SetClock(string value) => Send("/dance/control/clock", value);

        /// <summary>Sets the tempo; 0 gives it back to the clock. Takes 0, or 30 to 300 beats/min.</summary>
        public void SetBpm(float value) => Send("/dance/control/bpm", value);

        /// <summary>
        /// Pushes the beat forward (positive) or back, on top of earlier nudges. Takes -1 to 1 beats.
        /// </summary>
        public void Nudge(float value) => Send("/dance/control/nudge", value);

        /// <summary>By how much the dance leads the sound (positive) or follows it. Takes -500 to 500 ms.</summary>
        public void SetOffsetMs(float value) => Send("/dance/control/offset_ms", value);

        /// <summary>Halves the tempo that is danced.</summary>
        public void Half() => Send("/dance/control/half");

        /// <summary>Doubles the tempo that is danced.</summary>
        public void Double() => Send("/dance/control/double");

        /// <summary>Recalls a preset by its name. Takes a name.</summary>
        public void RecallPreset(string value) => Send("/dance/control/preset", value);

        /// <summary>
        /// Saves the controls of the dance as a preset of this name. Takes 1 to 40 of A-Z a-z 0-9 - _.
        /// </summary>
        public void SavePreset(string value) => Send("/dance/control/save_preset", value);
        // To here.

        private void OnEnable() => Reopen();

        private void OnDisable() => Close();

        private void OnApplicationPause(bool isPaused)
        {
            if (isPaused) Close();
            else if (isActiveAndEnabled) Reopen();
        }

        private void Update()
        {
            if (_link == null && Problem != null && Time.unscaledTimeAsDouble >= _retryTime) Reopen();
            _link?.Update(LocalClock.NowUs);
        }

        private void Reopen()
        {
            Close();
            if (!isActiveAndEnabled) return;
            try
            {
                _link = new ControlLink(host, port);
                Problem = null;
            }
            catch (InvalidOperationException error)
            {
                if (Problem != error.Message) Debug.LogWarning(error.Message, this);
                Problem = error.Message;
                _retryTime = Time.unscaledTimeAsDouble + RetryS;
            }
        }

        private void Close()
        {
            _link?.Dispose();
            _link = null;
        }

        private void Send(string address) => _link?.Send(address);

        private void Send(string address, float value) => _link?.Send(address, value);

        private void Send(string address, int value) => _link?.Send(address, value);

        private void Send(string address, string value)
        {
            if (value != null) _link?.Send(address, value);
        }
    }
}
