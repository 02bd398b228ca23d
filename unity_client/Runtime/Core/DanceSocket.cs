using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Transflower.Core
{
    /// <summary>
    /// Listens at a UDP port on a thread of its own, and hands every datagram to a stream. Nothing is allocated for a
    /// datagram. Opened by the constructor; `Dispose` ends the thread and frees the port before it returns.
    /// </summary>
    public sealed class DanceSocket : IDisposable
    {
        private const int LargestDatagram = 65536;
        private const int ReceiveBufferBytes = 1 << 20; // the default of Linux holds less than a second of VMC
        private const int LookUpMs = 500;               // how often the thread looks whether it should end
        private readonly Socket _socket;
        private readonly Thread _thread;
        private readonly DanceStream _stream;
        private volatile bool _isClosing;
        private int _numErrors;

        /// <summary>Listens.</summary>
        /// <param name="stream">Gets the datagrams, on the socket's thread.</param>
        /// <param name="port">1 to 65535, or 0 for any that is free.</param>
        /// <param name="localOnly">Whether only this machine is heard.</param>
        /// <exception cref="InvalidOperationException">The port cannot be had; the message says why and what to
        /// do.</exception>
        public DanceSocket(DanceStream stream, int port, bool localOnly = false)
        {
            if (port < 0 || port > 65535)
                throw new InvalidOperationException("UDP ports are 1 to 65535, not " + port + ".");
            _stream = stream;
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                _socket.ExclusiveAddressUse = true; // Mono shares UDP ports otherwise, and one of two programs starves
                _socket.Bind(new IPEndPoint(localOnly ? IPAddress.Loopback : IPAddress.Any, port));
                _socket.ReceiveTimeout = LookUpMs;
                Port = ((IPEndPoint)_socket.LocalEndPoint).Port;
            }
            catch (SocketException error)
            {
                _socket.Close();
                throw new InvalidOperationException(Explain(error.SocketErrorCode, port), error);
            }
            try
            {
                _socket.ReceiveBufferSize = ReceiveBufferBytes;
            }
            catch (SocketException)
            {
                // A system that grants less is listened to all the same.
            }
            _thread = new Thread(Listen) { IsBackground = true, Name = "dance stream on UDP port " + Port };
            _thread.Start();
        }

        /// <summary>The port at which it listens.</summary>
        public int Port { get; }

        /// <summary>How often receiving failed; the socket goes on.</summary>
        public int NumErrors => Volatile.Read(ref _numErrors);

        public void Dispose()
        {
            if (_isClosing) return;
            _isClosing = true;
            _socket.Close();
            if (Thread.CurrentThread != _thread) _thread.Join(2 * LookUpMs);
        }

        private void Listen()
        {
            var buffer = new byte[LargestDatagram];
            try
            {
                while (!_isClosing)
                {
                    SocketError error;
                    int length = _socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out error);
                    if (error == SocketError.Success)
                    {
                        if (length > 0) _stream.Receive(buffer, length, LocalClock.NowUs);
                        continue;
                    }
                    bool isQuiet = error == SocketError.TimedOut || error == SocketError.WouldBlock
                        || error == SocketError.ConnectionReset; // Windows, when a datagram of ours found nobody
                    if (isQuiet || _isClosing) continue;
                    Volatile.Write(ref _numErrors, unchecked(_numErrors + 1));
                    Thread.Sleep(10); // a network that is down must not cost a core
                }
            }
            catch (ObjectDisposedException)
            {
                // `Dispose` came between two datagrams.
            }
        }

        private static string Explain(SocketError error, int port)
        {
            if (error == SocketError.AddressAlreadyInUse)
                return "UDP port " + port + " is in use by another program, or by another DanceReceiver of this scene. "
                    + "Close that, or choose another port here and in the bridge (--target dance:HOST:PORT).";
            if (error == SocketError.AccessDenied)
                return "UDP port " + port + " is not permitted: choose one above 1023, and on Android give the "
                    + "application the INTERNET permission.";
            return "UDP port " + port + " cannot be opened: " + error + ".";
        }
    }
}
