using System;

namespace Transflower.Core
{
    /// <summary>
    /// Decodes the VMC protocol into whole frames, from this bridge and from others. One thread's own.
    ///
    /// A VMC frame is spread over datagrams, and nothing in it tells where it begins: some senders put
    /// `/VMC/Ext/T` first (this bridge), some last (the protocol's sample). Which it is shows in what follows what
    /// sooner, and is learned. A frame is given when its time and all bones of the frames before have come; of one that
    /// lost a part, nothing is given. Senders without `/VMC/Ext/T` are timed by arrival.
    /// </summary>
    public sealed class VmcDecoder : IOscSink
    {
        private static readonly byte[] Bone = Osc.Ascii("/VMC/Ext/Bone/Pos");
        private static readonly byte[] Time = Osc.Ascii("/VMC/Ext/T");
        private static readonly byte[] Root = Osc.Ascii("/VMC/Ext/Root/Pos");
        private static readonly byte[] BlendValue = Osc.Ascii("/VMC/Ext/Blend/Val");
        private static readonly byte[] BlendApply = Osc.Ascii("/VMC/Ext/Blend/Apply");
        private const float MaxMetres = 10000f;
        private const int FramesUntilBonesAreLearned = 3;
        private const int MaxOrderVotes = 8;
        private const long SilenceUs = 1000000;

        private readonly IStreamOutput _output;
        private readonly float[] _numbers = new float[7]; // of the message that is read
        private readonly Quat[] _rotations = new Quat[HumanBones.Count];
        private readonly Vec3[] _positions = new Vec3[HumanBones.Count];
        private Quat _rootRotation = Quat.Identity;
        private Vec3 _rootPosition;
        private StreamSkeleton _skeleton;

        private ulong _pending;          // bones of the frame that is being gathered
        private bool _hasTime;           // and whether its time has come
        private long _timeUs;
        private ulong _whole;            // bones of a whole frame, as learned
        private ulong _lastSeen;         // bones of the last interval, whole or not
        private int _timesSeen;
        private int _orderVotes;         // above zero: the time leads its bones
        private long _lastTimeArrivalUs = long.MinValue, _lastBoneArrivalUs = long.MinValue;
        private bool _votesOnNextBone;
        private long _gapBeforeTimeUs;
        private readonly SenderClock _clock = new SenderClock();

        public VmcDecoder(IStreamOutput output)
        {
            _output = output;
        }

        /// <summary>Weights of expressions.</summary>
        public readonly ExpressionTable Expressions = new ExpressionTable();

        /// <summary>When the datagram that is read now came, in microseconds of this machine's clock.</summary>
        public long ArrivalUs;

        public bool Accepts(ref OscMessage message)
        {
            if (message.AddressIs(Bone) || message.AddressIs(Root))
                return IsTransform(ref message);
            if (message.AddressIs(Time))
                return message.ReadNumbers(0, message.ArgumentsStart, _numbers, 1) && Math.Abs(_numbers[0]) < 1e12f;
            return !message.AddressIs(BlendValue) || (message.TagsLength == 2 && ReadNamed(ref message, 1));
        }

        public void Take(ref OscMessage message)
        {
            if (message.AddressIs(Bone)) TakeBone(ref message);
            else if (message.AddressIs(Time))
            {
                message.ReadNumbers(0, message.ArgumentsStart, _numbers, 1);
                TakeTime(_numbers[0]);
            }
            else if (message.AddressIs(Root)) Transform(ref message, out _rootPosition, out _rootRotation);
            else if (message.AddressIs(BlendApply)) Expressions.Apply();
            else if (message.AddressIs(BlendValue)) TakeExpression(ref message);
        }

        private void TakeExpression(ref OscMessage message)
        {
            int start = message.ArgumentsStart;
            ReadNamed(ref message, 1);
            Expressions.Set(message.Buffer, start, message.StringLength(start), _numbers[0]);
        }

        /// <summary>Reads the numbers that follow a name; whether there are so many.</summary>
        private bool ReadNamed(ref OscMessage message, int count) =>
            message.BeginsWithString
            && message.ReadNumbers(1, message.AfterString(message.ArgumentsStart), _numbers, count);

        private bool IsTransform(ref OscMessage message)
        {
            if (!ReadNamed(ref message, 7)) return false;
            for (int i = 0; i < 3; i++)
            {
                if (!(Math.Abs(_numbers[i]) <= MaxMetres)) return false;
            }
            double squared = 0;
            for (int i = 3; i < 7; i++)
            {
                double part = _numbers[i];
                squared += part * part;
            }
            return squared > 0.25 && squared < 4.0; // others round more than we do
        }

        private void Transform(ref OscMessage message, out Vec3 position, out Quat rotation)
        {
            ReadNamed(ref message, 7);
            position = new Vec3(_numbers[0], _numbers[1], _numbers[2]);
            rotation = new Quat(_numbers[3], _numbers[4], _numbers[5], _numbers[6]);
            if (Math.Abs(Quat.Dot(rotation, rotation) - 1f) > 2e-3f) rotation = rotation.Normalized();
        }

        private void TakeTime(float seconds)
        {
            long timeUs = (long)Math.Round(seconds * 1e6);
            _gapBeforeTimeUs = ArrivalUs - _lastBoneArrivalUs;
            _votesOnNextBone = _lastBoneArrivalUs != long.MinValue;
            _lastTimeArrivalUs = ArrivalUs;
            if (_orderVotes >= 0)
            {
                if (!_hasTime) _whole |= _pending; // came after their frame was given: it has more bones than known
                EndInterval();
                _hasTime = true;
                _timeUs = timeUs;
                return;
            }
            _hasTime = true;
            _timeUs = timeUs;
            if (!GiveWhenWhole()) EndInterval();
        }

        private void TakeBone(ref OscMessage message)
        {
            int start = message.ArgumentsStart;
            int bone = HumanBones.Find(message.Buffer, start, message.StringLength(start));
            if (bone < 0) return;
            if (_votesOnNextBone)
            {
                bool timeLeads = ArrivalUs - _lastTimeArrivalUs <= _gapBeforeTimeUs;
                _orderVotes = Math.Max(-MaxOrderVotes, Math.Min(MaxOrderVotes, _orderVotes + (timeLeads ? 1 : -1)));
                _votesOnNextBone = false;
            }
            _lastBoneArrivalUs = ArrivalUs;
            ulong bit = 1UL << bone;
            if ((_pending & bit) != 0) // the next frame has begun, and what should have come between was lost
            {
                bool isTimed = _lastTimeArrivalUs != long.MinValue && ArrivalUs - _lastTimeArrivalUs < SilenceUs;
                if (!isTimed)
                {
                    _hasTime = true;
                    _timeUs = ArrivalUs;
                    if (!GiveWhenWhole()) EndInterval();
                }
                else
                {
                    EndInterval();
                }
            }
            Transform(ref message, out _positions[bone], out _rotations[bone]);
            _pending |= bit;
            if (_hasTime) GiveWhenWhole();
        }

        /// <summary>Forgets what was gathered, and learns from it which bones a frame has.</summary>
        private void EndInterval()
        {
            if (_pending != 0)
            {
                _output.CountIncomplete();
                Learn(_pending);
            }
            _pending = 0;
            _hasTime = false;
        }

        private void Learn(ulong bones)
        {
            _timesSeen = bones == _lastSeen ? _timesSeen + 1 : 1;
            _lastSeen = bones;
            if (_whole == 0 || _timesSeen >= FramesUntilBonesAreLearned) _whole = bones;
        }

        private bool GiveWhenWhole()
        {
            if (_whole == 0 || (_pending & _whole) != _whole) return false;
            Learn(_pending);
            if (_skeleton == null || _skeleton.Bones != _pending)
                _skeleton = new StreamSkeleton(_pending, RestOffsets());
            PoseFrame frame = _output.ReservePose(StreamProtocol.Vmc);
            if (frame != null)
            {
                frame.TimeUs = _clock.Read(_timeUs, ArrivalUs);
                frame.ArrivalUs = ArrivalUs;
                for (int bone = 0; bone < HumanBones.Count; bone++)
                {
                    if ((_pending >> bone & 1UL) != 0) frame.Set(bone, _rotations[bone]);
                }
                frame.HipsPosition = _rootPosition + _rootRotation * _positions[HumanBones.Hips];
                if (_rootRotation.W != 1f) // most roots are at rest, and a product would round
                    frame.Rotations[HumanBones.Hips] = (_rootRotation * frame.Rotations[HumanBones.Hips]).Normalized();
                _output.CommitPose(_skeleton);
            }
            _pending = 0;
            _hasTime = false;
            return true;
        }

        private Vec3[] RestOffsets()
        {
            Vec3[] offsets = (Vec3[])_positions.Clone();
            offsets[HumanBones.Hips] = Vec3.Zero;
            return offsets;
        }
    }
}
