using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using Transflower.Core;

/// <summary>
/// A display without Unity: samples a stream as a headset would, and writes what it would have shown.
///
/// `live HZ FRAMES FILE` listens at a UDP port, which it prints, until so many frames have been taken in.
/// `replay HZ SECONDS FILE RECORDS` takes in the records of `bad_network.py`, each when it leaves the network there, and
/// never looks at a clock. Both print a summary at the end. The file holds doubles: time, passed seconds, playhead (both
/// clocks in microseconds), state, delay in ms, hips x y z, and x y z w of 55 bones, for each picture.
/// </summary>
public static class StreamProbe
{
    private const int RowLength = 8 + 4 * HumanBones.Count;
    private static readonly DanceStream Stream = new DanceStream();
    private static readonly PoseFrame Pose = new PoseFrame();
    private static readonly double[] Row = new double[RowLength];
    private static int _numPictures;
    private static long _lastUs, _allocated;

    public static int Main(string[] arguments)
    {
        double hz = double.Parse(arguments[1], CultureInfo.InvariantCulture);
        double end = double.Parse(arguments[2], CultureInfo.InvariantCulture);
        using (var file = new BinaryWriter(File.Create(arguments[3])))
        {
            if (arguments[0] == "live") Live(hz, (int)end, file);
            else Replay(hz, end, file, arguments[4]);
        }
        StreamStatistics statistics = Stream.Playout.Statistics;
        Console.WriteLine(string.Format(
            CultureInfo.InvariantCulture,
            "{{\"pictures\": {0}, \"frames\": {1}, \"lost\": {2}, \"reordered\": {3}, \"too_late\": {4}, "
            + "\"refused\": {5}, \"restarts\": {6}, \"delay_ms\": {7:F1}, \"jitter_ms\": {8:F1}, \"rate_hz\": {9:F2}, "
            + "\"allocated_bytes\": {10}}}",
            _numPictures, statistics.NumTaken, statistics.NumLost, statistics.NumReordered, statistics.NumTooLate,
            Stream.NumRefused, statistics.NumRestarts, Stream.Playout.DelayMs, statistics.JitterMs, statistics.RateHz,
            _allocated));
        return 0;
    }

    private static void Live(double hz, int frames, BinaryWriter file)
    {
        using (var socket = new DanceSocket(Stream, 0, true))
        {
            Console.WriteLine("port " + socket.Port);
            Console.Out.Flush();
            while (!Stream.Sample(LocalClock.NowUs, 0, Pose)) Thread.Sleep(1);
            long startUs = _lastUs = LocalClock.NowUs;
            for (long k = 1; Stream.Playout.Statistics.NumTaken < frames; k++)
            {
                WaitUntil(startUs + (long)(k * 1e6 / hz));
                Draw(LocalClock.NowUs, file);
            }
        }
    }

    private static void Replay(double hz, double seconds, BinaryWriter file, string records)
    {
        List<KeyValuePair<long, byte[]>> arrivals = Read(records);
        long startUs = arrivals[0].Key;
        int next = 0;
        for (long k = 0; k < seconds * hz; k++)
        {
            long nowUs = startUs + (long)(k * 1e6 / hz);
            for (; next < arrivals.Count && arrivals[next].Key <= nowUs; next++)
                Stream.Receive(arrivals[next].Value, arrivals[next].Value.Length, arrivals[next].Key);
            if (_numPictures > 0) Draw(nowUs, file);
            else if (Stream.Sample(nowUs, 0, Pose)) Write(nowUs, 0, file);
            _lastUs = nowUs;
        }
    }

    /// <summary>What came through, in the order in which it left the network.</summary>
    private static List<KeyValuePair<long, byte[]>> Read(string records)
    {
        var arrivals = new List<KeyValuePair<long, byte[]>>();
        using (var reader = new BinaryReader(File.OpenRead(records)))
        {
            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                reader.ReadDouble();
                double leavesS = reader.ReadDouble();
                byte[] datagram = reader.ReadBytes(reader.ReadInt32());
                if (!double.IsNaN(leavesS)) arrivals.Add(new KeyValuePair<long, byte[]>((long)(leavesS * 1e6), datagram));
            }
        }
        arrivals.Sort((a, b) => a.Key.CompareTo(b.Key));
        return arrivals;
    }

    private static void Draw(long nowUs, BinaryWriter file)
    {
        double passed = (nowUs - _lastUs) * 1e-6;
        _lastUs = nowUs;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stream.Sample(nowUs, passed, Pose);
        if (_numPictures > 10) _allocated += GC.GetAllocatedBytesForCurrentThread() - before; // all is compiled by then
        Write(nowUs, passed, file);
    }

    private static void WaitUntil(long timeUs)
    {
        long left;
        while ((left = timeUs - LocalClock.NowUs) > 0)
        {
            if (left > 1500) Thread.Sleep((int)((left - 1000) / 1000));
            else Thread.Sleep(0);
        }
    }

    private static void Write(long nowUs, double passed, BinaryWriter file)
    {
        int at = 0;
        Row[at++] = nowUs;
        Row[at++] = passed;
        Row[at++] = Stream.Playout.PlayUs;
        Row[at++] = (int)Stream.Playout.State;
        Row[at++] = Stream.Playout.DelayMs;
        Row[at++] = Pose.HipsPosition.X;
        Row[at++] = Pose.HipsPosition.Y;
        Row[at++] = Pose.HipsPosition.Z;
        for (int bone = 0; bone < HumanBones.Count; bone++)
        {
            Row[at++] = Pose.Rotations[bone].X;
            Row[at++] = Pose.Rotations[bone].Y;
            Row[at++] = Pose.Rotations[bone].Z;
            Row[at++] = Pose.Rotations[bone].W;
        }
        foreach (double value in Row) file.Write(value);
        _numPictures++;
    }
}
