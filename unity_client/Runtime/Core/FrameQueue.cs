using System.Threading;

namespace Transflower.Core
{
    /// <summary>
    /// Frames on their way from the socket's thread to the one that draws, without locks and without garbage.
    /// One thread writes, one other reads. When it is full, the newest frames are dropped and counted: a program that
    /// was stopped reads on from what came after.
    /// </summary>
    public sealed class FrameQueue
    {
        private readonly PoseFrame[] _frames;
        private int _written, _read;
        private int _numDropped;

        /// <summary>Makes room for so many frames, a power of two.</summary>
        public FrameQueue(int capacity = 128)
        {
            _frames = new PoseFrame[capacity];
            for (int i = 0; i < capacity; i++) _frames[i] = new PoseFrame();
        }

        /// <summary>Frames that found no room.</summary>
        public int NumDropped => Volatile.Read(ref _numDropped);

        /// <summary>The frame to write next, or null when there is no room; `Commit` hands it over.</summary>
        public PoseFrame Reserve()
        {
            if (unchecked(_written - Volatile.Read(ref _read)) < _frames.Length)
                return _frames[_written & (_frames.Length - 1)];
            Volatile.Write(ref _numDropped, unchecked(_numDropped + 1));
            return null;
        }

        public void Commit() => Volatile.Write(ref _written, unchecked(_written + 1));

        /// <summary>The oldest frame, or null; it stays the queue's and is valid until `Release`.</summary>
        public PoseFrame Peek() =>
            Volatile.Read(ref _written) == _read ? null : _frames[_read & (_frames.Length - 1)];

        public void Release() => Volatile.Write(ref _read, unchecked(_read + 1));
    }
}
