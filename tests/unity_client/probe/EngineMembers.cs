using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Transflower.Probe
{
    /// <summary>
    /// Prints what assemblies use of another one: `EngineMembers.exe UnityStandIn.dll Transflower.Unity.dll ...`. A line is a
    /// type and the signature of a member of it, as C# writes it with short names, with a tab between them.
    /// </summary>
    public static class EngineMembers
    {
        private static readonly Dictionary<Type, string> Keywords = new Dictionary<Type, string>
        {
            { typeof(void), "void" }, { typeof(bool), "bool" }, { typeof(int), "int" }, { typeof(float), "float" },
            { typeof(double), "double" }, { typeof(string), "string" }, { typeof(object), "object" },
        };

        public static int Main(string[] paths)
        {
            Assembly engine = Assembly.LoadFrom(paths[0]);
            var lines = new SortedSet<string>(StringComparer.Ordinal);
            foreach (string path in paths.Skip(1))
            {
                Assembly assembly = Assembly.LoadFrom(path);
                Module module = assembly.ManifestModule;
                foreach (MemberInfo used in References(module, 0x0A000000).Concat(References(module, 0x01000000)))
                {
                    Type type = used as Type ?? used.DeclaringType;
                    bool isDelegate = typeof(Delegate).IsAssignableFrom(type) && !(used is Type); // the compiler makes its members
                    if (type.Assembly != engine || isDelegate) continue;
                    lines.Add(Name(type) + "\t" + (used is Type ? "" : Signature(Definition(used))));
                }
                foreach (MethodInfo method in assembly.GetTypes().SelectMany(type => type.GetMethods(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)))
                {
                    MethodInfo origin = method.GetBaseDefinition();
                    if (origin.DeclaringType.Assembly == engine) lines.Add(Name(origin.DeclaringType) + "\t" + Signature(origin));
                }
            }
            foreach (Type type in engine.GetTypes().Where(type => type.IsEnum))
            {
                foreach (string name in Enum.GetNames(type))
                    lines.Add(Name(type) + "\t" + name + " = " + Convert.ToInt32(Enum.Parse(type, name)));
            }
            foreach (string line in lines) Console.WriteLine(line);
            return 0;
        }

        /// <summary>All rows of a table of references; rows end where there is none.</summary>
        private static IEnumerable<MemberInfo> References(Module module, int table)
        {
            for (int row = 1; ; row++)
            {
                MemberInfo member;
                try
                {
                    member = module.ResolveMember(table + row);
                }
                catch (ArgumentOutOfRangeException)
                {
                    yield break;
                }
                yield return member;
            }
        }

        /// <summary>The member of the generic type, for one of a type that was made of it.</summary>
        private static MemberInfo Definition(MemberInfo used)
        {
            if (!used.DeclaringType.IsGenericType) return used;
            return used.DeclaringType.GetGenericTypeDefinition()
                .GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .First(member => member.MetadataToken == used.MetadataToken);
        }

        private static string Signature(MemberInfo member)
        {
            var field = member as FieldInfo;
            if (field != null)
                return (field.IsStatic ? "static " : "") + Short(field.FieldType) + " " + field.Name + " { get set }";
            var method = (MethodBase)member;
            ParameterInfo[] parameters = method.GetParameters();
            string listed = "(" + string.Join(", ", parameters.Select(Parameter)) + ")";
            if (method.IsConstructor) return method.DeclaringType.Name.Split('`')[0] + listed;
            var info = (MethodInfo)method;
            string start = (info.IsStatic ? "static " : "") + Short(info.ReturnType) + " ";
            string name = info.Name;
            string generic = info.IsGenericMethod ? "<" + string.Join(", ", info.GetGenericArguments().Select(Short)) + ">" : "";
            if (!info.IsSpecialName) return start + name + generic + listed;
            if (name.StartsWith("get_")) return start + name.Substring(4) + " { get }";
            string modifier = info.IsStatic ? "static " : "";
            string last = parameters.Length > 0 ? Short(parameters[parameters.Length - 1].ParameterType) : "";
            if (name.StartsWith("set_")) return modifier + last + " " + name.Substring(4) + " { set }";
            if (name.StartsWith("add_")) return modifier + "event " + last + " " + name.Substring(4);
            if (name.StartsWith("remove_")) return modifier + "event " + last + " " + name.Substring(7);
            return start + name + listed;
        }

        private static string Parameter(ParameterInfo parameter)
        {
            Type type = parameter.ParameterType;
            if (!type.IsByRef) return Short(type);
            return (parameter.IsOut ? "out " : "ref ") + Short(type.GetElementType());
        }

        private static string Short(Type type)
        {
            if (type.IsArray) return Short(type.GetElementType()) + "[]";
            string keyword;
            if (Keywords.TryGetValue(type, out keyword)) return keyword;
            if (!type.IsGenericType) return type.Name;
            return type.Name.Split('`')[0] + "<" + string.Join(", ", type.GetGenericArguments().Select(Short)) + ">";
        }

        private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName;
    }
}
