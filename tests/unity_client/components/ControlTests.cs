using System;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using NUnit.Framework;
using UnityEngine;

namespace Transflower.ComponentTests
{
    /// <summary>Everything that the control component sends; the Python side reads it as the bridge does.</summary>
    [TestFixture]
    public class ControlTests
    {
        [Test]
        public void EachMethodSendsItsControl()
        {
            Player.Clear();
            using (var bridge = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
            {
                bridge.Client.ReceiveTimeout = 60000;
                DanceControl control = new GameObject("Control").AddComponent<DanceControl>();
                control.Port = ((IPEndPoint)bridge.Client.LocalEndPoint).Port;
                const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
                foreach (MethodInfo method in typeof(DanceControl).GetMethods(Own))
                {
                    if (method.IsSpecialName || method.ReturnType != typeof(void)) continue; // a property's
                    ParameterInfo[] parameters = method.GetParameters();
                    method.Invoke(control, parameters.Length == 0 ? null : new[] { Sample(parameters[0].ParameterType) });
                    IPEndPoint sender = null;
                    Console.WriteLine("SENT " + BitConverter.ToString(bridge.Receive(ref sender)).Replace("-", ""));
                }
                control.SetStyle(null);
                control.enabled = false;
                control.Panic(); // to nobody, and no error
                UnityEngine.Object.Destroy(control.gameObject);
            }
        }

        /// <summary>A value that every control of this type takes.</summary>
        private static object Sample(Type type)
        {
            if (type == typeof(float)) return 0f;
            if (type == typeof(int)) return 7;
            if (type == typeof(bool)) return true;
            Assert.AreEqual(typeof(string), type);
            return "calm";
        }

        [Test]
        public void AHostThatIsNotThereIsExplained()
        {
            Player.Clear();
            UnityEngine.Debug.Said.Clear();
            DanceControl control = new GameObject("Control").AddComponent<DanceControl>();
            control.Host = "";
            StringAssert.Contains("no host is named", control.Problem);
            Player.Frame(0.01f);
            control.Host = "127.0.0.1";
            Assert.IsNull(control.Problem);
            Player.Clear();
        }
    }
}
