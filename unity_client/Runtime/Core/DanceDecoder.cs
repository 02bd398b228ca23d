using System;

namespace Transflower.Core
{
    /// <summary>
    /// Decodes the bridge's own protocol, `bridge/PROTOCOL.md` section 1, into Unity's axes. One thread's own, except
    /// that any thread may call `ReadLatest`.
    /// </summary>
    public sealed class DanceDecoder : IOscSink
    {
        private static readonly byte[] Pose = Osc.Ascii("/dance/pose"), PoseTags = Osc.Ascii("ihib");
        private static readonly byte[] Skeleton = Osc.Ascii("/dance/skeleton"), SkeletonTags = Osc.Ascii("iisifff");
        private static readonly byte[] Beat = Osc.Ascii("/dance/beat"), BeatTags = Osc.Ascii("ffif");
        private static readonly byte[] Levels = Osc.Ascii("/dance/audio"), FiveFloats = Osc.Ascii("fffff");
        private static readonly byte[] Latency = Osc.Ascii("/dance/latency");
        private static readonly byte[] Status = Osc.Ascii("/dance/status"), StatusTags = Osc.Ascii("si");
        private static readonly byte[] Why = Osc.Ascii("/dance/why"), WhyTags = Osc.Ascii("ss");
        private static readonly byte[] Clock = Osc.Ascii("/dance/clock"), ClockTags = Osc.Ascii("sff");
        private const float MaxMetres = 10000f;
        private const float MaxOffsetMetres = 100f;
        private const double UnitTolerance = 1e-3;
        private const long MaxTimeUs = 1L << 60;
        private const int MaxLineBytes = 1000;

        private readonly IStreamOutput _output;
        private readonly SkeletonTable _skeletons = new SkeletonTable();
        private readonly WordMemory _statusWord = new WordMemory(), _clockWord = new WordMemory();
        private readonly WordMemory _whyReason = new WordMemory(), _whyText = new WordMemory(MaxLineBytes);
        private readonly object _latestGate = new object();
        private BridgeUpdate _latest;
        private long _poseTimeUs;

        public DanceDecoder(IStreamOutput output)
        {
            _output = output;
        }

        /// <summary>When the datagram that is read now came, in microseconds of this machine's clock.</summary>
        public long ArrivalUs;

        /// <summary>What was sent last; any thread.</summary>
        public void ReadLatest(ref BridgeUpdate latest)
        {
            lock (_latestGate) latest = _latest;
        }

        public bool Accepts(ref OscMessage message)
        {
            int at = message.ArgumentsStart;
            if (message.AddressIs(Pose)) return IsPose(ref message);
            if (message.AddressIs(Skeleton)) return IsBone(ref message);
            if (message.AddressIs(Beat))
                return message.TagsAre(BeatTags) && AreFinite(ref message, at, 2) && AreFinite(ref message, at + 12, 1);
            if (message.AddressIs(Levels) || message.AddressIs(Latency))
                return message.TagsAre(FiveFloats) && AreFinite(ref message, at, 5);
            if (message.AddressIs(Status)) return message.TagsAre(StatusTags);
            if (message.AddressIs(Why)) return message.TagsAre(WhyTags);
            if (message.AddressIs(Clock))
                return message.TagsAre(ClockTags) && AreFinite(ref message, message.AfterString(at), 2);
            return true;
        }

        public void Take(ref OscMessage message)
        {
            if (message.AddressIs(Pose)) TakePose(ref message);
            else if (message.AddressIs(Skeleton)) TakeBone(ref message);
            else TakeUpdate(ref message);
        }

        private static bool IsPose(ref OscMessage message)
        {
            if (!message.TagsAre(PoseTags)) return false;
            int at = message.ArgumentsStart;
            long timeUs = message.Long(at + 4);
            int size = message.Int(at + 16);
            int floats = at + 20;
            if (size < 28 || (size - 12) % 16 != 0 || (size - 12) / 16 > SkeletonTable.MaxBones) return false;
            if (timeUs < -MaxTimeUs || timeUs > MaxTimeUs) return false;
            if (!AreWithin(ref message, floats, 3, MaxMetres)) return false;
            for (int i = floats + 12; i < floats + size; i += 16)
            {
                double x = message.Float(i), y = message.Float(i + 4);
                double z = message.Float(i + 8), w = message.Float(i + 12);
                double length = Math.Sqrt(x * x + y * y + z * z + w * w);
                if (!(Math.Abs(length - 1.0) <= UnitTolerance)) return false; // false for NaN too
            }
            return true;
        }

        private void TakePose(ref OscMessage message)
        {
            int at = message.ArgumentsStart;
            int numBones = (message.Int(at + 16) - 12) / 16;
            SkeletonTable.Slot slot = _skeletons.Use(message.Int(at + 12), numBones, ArrivalUs);
            if (slot == null)
            {
                _output.CountIncomplete();
                return;
            }
            _poseTimeUs = message.Long(at + 4);
            PoseFrame frame = _output.ReservePose(StreamProtocol.Dance);
            if (frame == null) return;
            frame.Sequence = message.Int(at) & int.MaxValue;
            frame.TimeUs = _poseTimeUs;
            frame.ArrivalUs = ArrivalUs;
            int i = at + 20;
            frame.HipsPosition = new Vec3(-message.Float(i), message.Float(i + 4), message.Float(i + 8));
            for (int index = 0; index < numBones; index++)
            {
                i = at + 32 + 16 * index;
                int bone = slot.HumanBone(index);
                if (bone < 0) continue;
                frame.Set(bone, new Quat(
                    message.Float(i), -message.Float(i + 4), -message.Float(i + 8), message.Float(i + 12)));
            }
            _output.CommitPose(slot.Skeleton(numBones));
        }

        private static bool IsBone(ref OscMessage message)
        {
            if (!message.TagsAre(SkeletonTags)) return false;
            int at = message.ArgumentsStart;
            int index = message.Int(at + 4);
            int afterName = message.AfterString(at + 8);
            int parent = message.Int(afterName);
            if (message.Int(at) < 0 || index < 0 || index >= SkeletonTable.MaxBones) return false;
            if (index == 0 ? parent != -1 : parent < 0 || parent >= index) return false;
            return AreWithin(ref message, afterName + 4, 3, MaxOffsetMetres);
        }

        private void TakeBone(ref OscMessage message)
        {
            int at = message.ArgumentsStart;
            int bone = HumanBones.Find(message.Buffer, at + 8, message.StringLength(at + 8));
            int i = message.AfterString(at + 8) + 4;
            Vec3 offset = new Vec3(-message.Float(i), message.Float(i + 4), message.Float(i + 8));
            _skeletons.Set(message.Int(at), message.Int(at + 4), bone, offset);
        }

        private void TakeUpdate(ref OscMessage message)
        {
            int at = message.ArgumentsStart;
            lock (_latestGate)
            {
                if (message.AddressIs(Beat))
                {
                    _latest.Beat = (double)(message.Int(at + 8) & int.MaxValue) + message.Float(at);
                    _latest.BeatTimeUs = _poseTimeUs; // it leaves right after the pose that it belongs to
                    _latest.Bpm = message.Float(at + 4);
                    _latest.BeatConfidence = message.Float(at + 12);
                    _latest.BeatCount = unchecked(_latest.BeatCount + 1);
                }
                else if (message.AddressIs(Levels))
                {
                    _latest.Rms = message.Float(at);
                    _latest.Low = message.Float(at + 4);
                    _latest.Mid = message.Float(at + 8);
                    _latest.High = message.Float(at + 12);
                    _latest.Onset = message.Float(at + 16);
                    _latest.LevelsCount = unchecked(_latest.LevelsCount + 1);
                }
                else if (message.AddressIs(Latency))
                {
                    _latest.CaptureMs = message.Float(at);
                    _latest.FeaturesMs = message.Float(at + 4);
                    _latest.ModelMs = message.Float(at + 8);
                    _latest.SendMs = message.Float(at + 12);
                    _latest.TotalMs = message.Float(at + 16);
                    _latest.LatencyCount = unchecked(_latest.LatencyCount + 1);
                }
                else if (message.AddressIs(Status))
                {
                    _latest.Status = _statusWord.Read(message.Buffer, at, message.StringLength(at));
                    _latest.DeadlinesMissed = message.Int(message.AfterString(at));
                    _latest.StatusCount = unchecked(_latest.StatusCount + 1);
                }
                else if (message.AddressIs(Why))
                {
                    int text = message.AfterString(at);
                    _latest.WhyReason = _whyReason.Read(message.Buffer, at, message.StringLength(at));
                    _latest.WhyText = _whyText.Read(message.Buffer, text, message.StringLength(text));
                    _latest.WhyArrivalUs = ArrivalUs;
                    _latest.WhyCount = unchecked(_latest.WhyCount + 1);
                }
                else if (message.AddressIs(Clock))
                {
                    _latest.Clock = _clockWord.Read(message.Buffer, at, message.StringLength(at));
                    _latest.ClockCount = unchecked(_latest.ClockCount + 1);
                }
            }
        }

        private static bool AreFinite(ref OscMessage message, int at, int count) =>
            AreWithin(ref message, at, count, float.MaxValue);

        private static bool AreWithin(ref OscMessage message, int at, int count, float bound)
        {
            for (int i = 0; i < count; i++)
            {
                if (!(Math.Abs(message.Float(at + 4 * i)) <= bound)) return false; // false for NaN too
            }
            return true;
        }
    }
}
