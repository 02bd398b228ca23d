using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>
    /// The golden datagrams that all clients must decode, `tests/bridge/golden/datagrams.json` of the repository. A
    /// package that was added by its address lacks them; then these tests are ignored.
    /// </summary>
    public static class Golden
    {
        /// <summary>Names the file, when it is not in its place above the package.</summary>
        public const string Variable = "TRANSFLOWER_GOLDEN";

        private static Dictionary<string, object> _file;

        public static Dictionary<string, object> File
        {
            get
            {
                if (_file != null) return _file;
                string path = Environment.GetEnvironmentVariable(Variable);
                if (string.IsNullOrEmpty(path) || !System.IO.File.Exists(path))
                {
                    Assert.Ignore("The golden datagrams are not here; " + Variable + " names tests/bridge/golden/datagrams.json.");
                }
                _file = (Dictionary<string, object>)Json.Parse(System.IO.File.ReadAllText(path));
                return _file;
            }
        }

        public static IEnumerable<Dictionary<string, object>> Entries(string key)
        {
            foreach (object entry in (List<object>)File[key]) yield return (Dictionary<string, object>)entry;
        }

        public static Dictionary<string, object> Named(string key, string name)
        {
            foreach (Dictionary<string, object> entry in Entries(key))
            {
                if ((string)entry["name"] == name) return entry;
            }
            throw new InvalidDataException("no golden " + key + " is called " + name);
        }

        public static List<byte[]> Datagrams(object texts)
        {
            var found = new List<byte[]>();
            foreach (object text in (List<object>)texts) found.Add(Bytes((string)text));
            return found;
        }

        public static byte[] Bytes(string hexadecimal)
        {
            var bytes = new byte[hexadecimal.Length / 2];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = Convert.ToByte(hexadecimal.Substring(2 * i, 2), 16);
            return bytes;
        }

        public static float[] Floats(object numbers)
        {
            var list = (List<object>)numbers;
            var found = new float[list.Count];
            for (int i = 0; i < found.Length; i++) found[i] = (float)(double)list[i];
            return found;
        }
    }

    /// <summary>Keeps what decoders put out.</summary>
    public sealed class KeepingOutput : IStreamOutput
    {
        public readonly List<PoseFrame> Frames = new List<PoseFrame>();
        public readonly List<StreamSkeleton> Skeletons = new List<StreamSkeleton>();
        public int NumIncomplete;
        private PoseFrame _frame;

        public PoseFrame ReservePose(StreamProtocol protocol) => _frame = new PoseFrame();

        public void CommitPose(StreamSkeleton skeleton)
        {
            Frames.Add(_frame);
            Skeletons.Add(skeleton);
        }

        public void CountIncomplete() => NumIncomplete++;
    }
}
