using System;
using System.Globalization;
using System.IO;
using System.Threading;
using Transflower.Core;

/// <summary>
/// A display without Unity: listens at a UDP port, samples a stream as a headset would, and writes what it would have
/// shown. Arguments: port (0: any), pictures a second, seconds, file. Prints its port when it listens, and a summary at
/// its end. The file holds doubles: time, passed seconds, playhead (both clocks in microseconds), state, delay in ms,
/// hips x y z, and x y z w of 55 bones, for each picture.
/// </summary>
public static class StreamProbe
{
    public static int Main(string[] arguments)
    {
        int port = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        double hz = double.Parse(arguments[1], CultureInfo.InvariantCulture);
        double seconds = double.Parse(arguments[2], CultureInfo.InvariantCulture);
        int most = (int)(hz * seconds) + 1;
        int rowLength = 8 + 4 * HumanBones.Count;
        var rows = new double[most * rowLength];
        var stream = new DanceStream();
        var pose = new PoseFrame();
        using (var socket = new DanceSocket(stream, port, true))
        {
            Console.WriteLine("port " + socket.Port);
            Console.Out.Flush();
            while (!stream.Sample(LocalClock.NowUs, 0, pose)) Thread.Sleep(1);
            long startUs = LocalClock.NowUs, lastUs = startUs;
            long allocated = 0;
            int count = 0;
            for (long k = 1; count < most && lastUs - startUs < seconds * 1e6; k++)
            {
                WaitUntil(startUs + (long)(k * 1e6 / hz));
                if (count == 10) allocated = GC.GetAllocatedBytesForCurrentThread();
                long nowUs = LocalClock.NowUs;
                double passed = (nowUs - lastUs) * 1e-6;
                stream.Sample(nowUs, passed, pose);
                lastUs = nowUs;
                Write(rows, count++ * rowLength, nowUs, passed, stream.Playout, pose);
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            StreamStatistics statistics = stream.Playout.Statistics;
            using (var file = new BinaryWriter(File.Create(arguments[3])))
            {
                for (int i = 0; i < count * rowLength; i++) file.Write(rows[i]);
            }
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "{{\"pictures\": {0}, \"frames\": {1}, \"lost\": {2}, \"reordered\": {3}, \"too_late\": {4}, "
                + "\"refused\": {5}, \"restarts\": {6}, \"delay_ms\": {7:F1}, \"jitter_ms\": {8:F1}, \"rate_hz\": {9:F2}, "
                + "\"allocated_bytes\": {10}}}",
                count, statistics.NumTaken, statistics.NumLost, statistics.NumReordered, statistics.NumTooLate,
                stream.NumRefused, statistics.NumRestarts, stream.Playout.DelayMs, statistics.JitterMs, statistics.RateHz,
                allocated));
        }
        return 0;
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

    private static void Write(double[] rows, int at, long nowUs, double passed, PlayoutBuffer playout, PoseFrame pose)
    {
        rows[at++] = nowUs;
        rows[at++] = passed;
        rows[at++] = playout.PlayUs;
        rows[at++] = (int)playout.State;
        rows[at++] = playout.DelayMs;
        rows[at++] = pose.HipsPosition.X;
        rows[at++] = pose.HipsPosition.Y;
        rows[at++] = pose.HipsPosition.Z;
        for (int bone = 0; bone < HumanBones.Count; bone++)
        {
            rows[at++] = pose.Rotations[bone].X;
            rows[at++] = pose.Rotations[bone].Y;
            rows[at++] = pose.Rotations[bone].Z;
            rows[at++] = pose.Rotations[bone].W;
        }
    }
}
