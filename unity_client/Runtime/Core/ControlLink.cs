using System;
using System.Net;
using System.Net.Sockets;

namespace Transflower.Core
{
    /// <summary>
    /// The way back to the bridge: sends controls, and compares clocks by `/dance/ping`. One thread's own. Nothing is
    /// allocated by sending numbers or by `Update`.
    /// </summary>
    public sealed class ControlLink : IDisposable, IOscSink
    {
        private static readonly byte[] Pong = Osc.Ascii("/dance/pong"), PongTags = Osc.Ascii("hh");
        private const long PingEveryUs = 1000000;
        private const int NumRemembered = 8;
        private readonly Socket _socket;
        private readonly OscReader _reader = new OscReader();
        private readonly OscWriter _writer = new OscWriter();
        private readonly byte[] _answer = new byte[1500];
        private readonly double[] _offsets = new double[NumRemembered], _trips = new double[NumRemembered];
        private long _nextPingUs = long.MinValue;
        private long _nowUs;
        private int _numPongs;

        /// <summary>Aims at a bridge.</summary>
        /// <param name="host">Name or IPv4 address.</param>
        /// <param name="port">Where it receives controls, 39540 unless set otherwise.</param>
        /// <exception cref="InvalidOperationException">There is no such host; the message says so.</exception>
        public ControlLink(string host, int port)
        {
            try
            {
                IPAddress address = FindAddress(host);
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                _socket.Blocking = false;
                _socket.Connect(new IPEndPoint(address, port));
            }
            catch (Exception error) when (error is SocketException || error is ArgumentException)
            {
                _socket?.Close();
                throw new InvalidOperationException(
                    "No bridge can be reached at " + host + ":" + port + ": " + error.Message, error);
            }
        }

        /// <summary>Whether the bridge has answered.</summary>
        public bool IsAnswered => _numPongs > 0;

        /// <summary>
        /// This machine's clock minus the bridge's in microseconds, and the round trip of its best answer.
        /// </summary>
        public double OffsetUs { get; private set; }

        public double RoundTripUs { get; private set; }

        /// <summary>Sends `/dance/control/NAME` with no argument: a trigger.</summary>
        public bool Send(string address) => Send(_writer.Clear().Begin(address, ""));

        public bool Send(string address, float value) => Send(_writer.Clear().Begin(address, "f").Add(value));

        public bool Send(string address, int value) => Send(_writer.Clear().Begin(address, "i").Add(value));

        public bool Send(string address, string value) => Send(_writer.Clear().Begin(address, "s").Add(value));

        /// <summary>Reads answers, and asks once a second; call it once a picture.</summary>
        public void Update(long nowUs)
        {
            _nowUs = nowUs;
            SocketError error;
            for (int i = 0; i < NumRemembered; i++)
            {
                int length = _socket.Receive(_answer, 0, _answer.Length, SocketFlags.None, out error);
                if (error != SocketError.Success || length <= 0) break;
                _reader.Read(_answer, length, this);
            }
            if (nowUs < _nextPingUs) return;
            _nextPingUs = nowUs + PingEveryUs;
            Send(_writer.Clear().Begin("/dance/ping", "h").Add(nowUs));
        }

        public void Dispose() => _socket.Close();

        bool IOscSink.Accepts(ref OscMessage message) => true;

        void IOscSink.Take(ref OscMessage message)
        {
            if (!message.AddressIs(Pong) || !message.TagsAre(PongTags)) return;
            long sentUs = message.Long(message.ArgumentsStart);
            double trip = _nowUs - (double)sentUs;
            if (trip < 0 || trip > 10.0 * PingEveryUs) return;
            int slot = _numPongs++ % NumRemembered;
            _trips[slot] = trip;
            _offsets[slot] = sentUs + trip * 0.5 - message.Long(message.ArgumentsStart + 8);
            int best = 0;
            for (int i = 1; i < Math.Min(_numPongs, NumRemembered); i++)
            {
                if (_trips[i] < _trips[best]) best = i; // the shortest trip tells the offset best
            }
            OffsetUs = _offsets[best];
            RoundTripUs = _trips[best];
        }

        /// <summary>
        /// Sends what was written; false when it could not leave. Nobody listening is no error of ours.
        /// </summary>
        private bool Send(OscWriter writer)
        {
            SocketError error;
            _socket.Send(writer.Buffer, 0, writer.Length, SocketFlags.None, out error);
            if (error == SocketError.ConnectionRefused) // of an earlier datagram; this one did not leave
                _socket.Send(writer.Buffer, 0, writer.Length, SocketFlags.None, out error);
            return error == SocketError.Success;
        }

        private static IPAddress FindAddress(string host)
        {
            if (string.IsNullOrEmpty(host)) throw new ArgumentException("no host is named");
            IPAddress address;
            if (IPAddress.TryParse(host, out address)) return address;
            foreach (IPAddress found in Dns.GetHostAddresses(host))
            {
                if (found.AddressFamily == AddressFamily.InterNetwork) return found;
            }
            throw new ArgumentException("it has no IPv4 address");
        }
    }
}
