using System.Threading;

namespace Transflower.Core
{
    /// <summary>
    /// A stream from its datagrams to the pose of this picture.
    ///
    /// Threading: one thread, the socket's, calls `Receive`; one other, that which draws, calls `Sample`. Any thread
    /// may
    /// read the rest.
    /// </summary>
    public sealed class DanceStream : IOscSink, IStreamOutput
    {
        private static readonly byte[] OursPrefix = Osc.Ascii("/dance/"), VmcPrefix = Osc.Ascii("/VMC/");
        private const long SilenceUs = 1000000;

        private readonly FrameQueue _queue = new FrameQueue();
        private readonly OscReader _reader = new OscReader();
        private readonly DanceDecoder _ours;
        private readonly VmcDecoder _vmc;
        private StreamSkeleton _skeleton;
        private long _lastOwnPoseUs = long.MinValue / 2;
        private long _arrivalUs;
        private int _numDatagrams, _numRefused, _numIncomplete;

        /// <summary>Plays the frames; belongs to the thread that samples.</summary>
        public readonly PlayoutBuffer Playout = new PlayoutBuffer();

        /// <summary>What is decoded.</summary>
        public readonly StreamProtocol Protocol;

        /// <summary>
        /// Sees every datagram that was well-formed, when not null; for monitors. The socket's thread calls it.
        /// </summary>
        public volatile IOscSink Monitor;

        public DanceStream(StreamProtocol protocol = StreamProtocol.Any)
        {
            Protocol = protocol;
            _ours = new DanceDecoder(this);
            _vmc = new VmcDecoder(this);
        }

        /// <summary>Datagrams that came; that were no OSC or broke the protocol; frames that lacked a part.</summary>
        public int NumDatagrams => Volatile.Read(ref _numDatagrams);

        public int NumRefused => Volatile.Read(ref _numRefused);

        public int NumIncomplete => Volatile.Read(ref _numIncomplete);

        /// <summary>Frames dropped because nobody sampled for long.</summary>
        public int NumOverflowed => _queue.NumDropped;

        /// <summary>The rest pose of the dancer, or null before a pose came.</summary>
        public StreamSkeleton Skeleton => Volatile.Read(ref _skeleton);

        /// <summary>Weights of expressions, sent by VMC; any thread.</summary>
        public ExpressionTable Expressions => _vmc.Expressions;

        public void ReadLatest(ref BridgeUpdate latest) => _ours.ReadLatest(ref latest);

        /// <summary>Takes in a datagram, whatever it holds; false when nothing of it was used.</summary>
        public bool Receive(byte[] buffer, int length, long arrivalUs)
        {
            _arrivalUs = _ours.ArrivalUs = _vmc.ArrivalUs = arrivalUs;
            Volatile.Write(ref _numDatagrams, unchecked(_numDatagrams + 1));
            if (_reader.Read(buffer, length, this)) return true;
            Volatile.Write(ref _numRefused, unchecked(_numRefused + 1));
            return false;
        }

        /// <summary>The pose for now; false as long as no frame has come. See `PlayoutBuffer.Sample`.</summary>
        public bool Sample(long nowUs, double passedS, PoseFrame pose)
        {
            PoseFrame frame;
            while ((frame = _queue.Peek()) != null)
            {
                Playout.Add(frame);
                _queue.Release();
            }
            return Playout.Sample(nowUs, passedS, pose);
        }

        bool IOscSink.Accepts(ref OscMessage message)
        {
            if (IsOurs(ref message)) return _ours.Accepts(ref message);
            return !IsVmc(ref message) || _vmc.Accepts(ref message);
        }

        void IOscSink.Take(ref OscMessage message)
        {
            if (IsOurs(ref message)) _ours.Take(ref message);
            else if (IsVmc(ref message)) _vmc.Take(ref message);
            IOscSink monitor = Monitor;
            if (monitor != null) monitor.Take(ref message);
        }

        PoseFrame IStreamOutput.ReservePose(StreamProtocol protocol)
        {
            if (protocol == StreamProtocol.Dance) _lastOwnPoseUs = _arrivalUs;
            else if (_arrivalUs - _lastOwnPoseUs < SilenceUs) return null;
            PoseFrame frame = _queue.Reserve();
            if (frame == null) return null;
            frame.Clear();
            frame.Sequence = -1;
            return frame;
        }

        void IStreamOutput.CommitPose(StreamSkeleton skeleton)
        {
            Volatile.Write(ref _skeleton, skeleton); // before its pose can be seen
            _queue.Commit();
        }

        void IStreamOutput.CountIncomplete() => Volatile.Write(ref _numIncomplete, unchecked(_numIncomplete + 1));

        private bool IsOurs(ref OscMessage message) =>
            Protocol != StreamProtocol.Vmc && message.AddressStartsWith(OursPrefix);

        private bool IsVmc(ref OscMessage message) =>
            Protocol != StreamProtocol.Dance && message.AddressStartsWith(VmcPrefix);
    }
}
