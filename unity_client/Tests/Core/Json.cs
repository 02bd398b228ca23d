using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Transflower.Core.Tests
{
    /// <summary>As much of JSON as the golden datagrams need: dictionaries, lists, strings, doubles, truths.</summary>
    public sealed class Json
    {
        private readonly string _text;
        private int _at;

        private Json(string text)
        {
            _text = text;
        }

        public static object Parse(string text) => new Json(text).Value();

        private object Value()
        {
            Space();
            char c = _text[_at];
            if (c == '{') return Dictionary();
            if (c == '[') return List();
            if (c == '"') return String();
            foreach (bool truth in new[] { true, false })
            {
                string word = truth ? "true" : "false";
                if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) continue;
                _at += word.Length;
                return truth;
            }
            int start = _at;
            while (_at < _text.Length && "+-.eE0123456789".IndexOf(_text[_at]) >= 0) _at++;
            if (start == _at) throw new FormatException("no JSON value at character " + _at);
            return double.Parse(_text.Substring(start, _at - start), CultureInfo.InvariantCulture);
        }

        private Dictionary<string, object> Dictionary()
        {
            var found = new Dictionary<string, object>();
            for (_at++; Next() != '}'; )
            {
                if (_text[_at] == ',') _at++;
                Space();
                string key = String();
                Space();
                _at++; // the colon
                found[key] = Value();
            }
            _at++;
            return found;
        }

        private List<object> List()
        {
            var found = new List<object>();
            for (_at++; Next() != ']'; )
            {
                if (_text[_at] == ',') _at++;
                found.Add(Value());
            }
            _at++;
            return found;
        }

        private string String()
        {
            var found = new StringBuilder();
            for (_at++; _text[_at] != '"'; _at++) found.Append(_text[_at] == '\\' ? _text[++_at] : _text[_at]);
            _at++;
            return found.ToString();
        }

        private char Next()
        {
            Space();
            return _text[_at];
        }

        private void Space()
        {
            while (char.IsWhiteSpace(_text[_at])) _at++;
        }
    }
}
