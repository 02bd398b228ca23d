using System;

namespace Transflower.Core
{
    /// <summary>
    /// Inverse kinematics of a leg that must reach a point, as the bridge does it (data/motion/two_bone.py): the knee bends or
    /// stretches in the plane in which it is bent, then the whole leg turns the shortest way towards the target.
    /// </summary>
    public static class TwoBoneIk
    {
        /// <summary>Part of its length to which a leg is stretched at most, unless it was longer already.</summary>
        public const double Ceiling = BodyConstants.LegCeiling;

        /// <summary>Part of its length to which a leg is folded at most, unless it was shorter already.</summary>
        public const double Floor = BodyConstants.LegFloor;

        private const double SoftPart = BodyConstants.LegSoftPart; // of its length, over which a leg approaches the ceiling
        private const double HingeSine = BodyConstants.LegHingeSine; // of the bend from which on the bend itself says where the axis is
        private const float KneeSine = (float)BodyConstants.LegNoKneeSine; // of a bend to the side, which is more than a knee's
        private const double Tiny = 1e-9;

        /// <summary>
        /// How the upper and the lower bone must turn in the world so that the limb's end comes to the target, or as
        /// near as the limb reaches. It bends about the axis about which it is bent; a straight one about `axis`, by a
        /// positive angle: for a leg, the thigh's own X.
        /// </summary>
        public static void Solve(
            Vec3 root, Vec3 middle, Vec3 end, Vec3 target, Vec3 axis, out Quat upperTurn, out Quat lowerTurn)
        {
            upperTurn = lowerTurn = Quat.Identity;
            Vec3 knee = middle - root, ankle = end - middle, reach = target - root;
            double length = (double)knee.Length + ankle.Length, wanted = reach.Length;
            if (wanted < Tiny || length < Tiny) return;
            double distance = Stretched((knee + ankle).Length, wanted, length);
            Vec3 hinge = Hinge(knee, ankle, axis);
            double along = (double)Vec3.Dot(knee, hinge) * Vec3.Dot(ankle, hinge);
            double p = Vec3.Dot(knee, ankle) - along, q = Vec3.Dot(knee, Vec3.Cross(hinge, ankle));
            double radius = Math.Sqrt(p * p + q * q);
            Quat turn = Quat.Identity;
            if (radius >= Tiny)
            {
                double squares = distance * distance - Vec3.Dot(knee, knee) - Vec3.Dot(ankle, ankle);
                double cosine = Math.Max(-1.0, Math.Min(1.0, (squares / 2.0 - along) / radius));
                double straight = Math.Atan2(q, p); // the turn that would stretch it; the given bend is its negative
                double bend = straight + SignedBend(Math.Acos(cosine), -straight);
                turn = Quat.FromRotationVector(hinge * (float)bend);
            }
            Vec3 place = knee + turn * ankle;
            upperTurn = Quat.FromTo(place.Normalized(), reach.Normalized());
            lowerTurn = (upperTurn * turn).Normalized();
        }

        /// <summary>How far the end is from the root: as wanted, but it stretches beyond the given pose only softly.</summary>
        private static double Stretched(double given, double wanted, double length)
        {
            if (wanted <= given) return Math.Max(wanted, Math.Min(given, Floor * length));
            double room = Ceiling * length - given;
            if (room <= 0.0) return given;
            double soft = Math.Min(room, SoftPart * length);
            double over = wanted - given - (room - soft);
            return over <= 0.0 ? wanted : given + room - soft * Math.Exp(-over / soft);
        }

        /// <summary>
        /// The axis about which the limb bends, of length 1. A bent one shows it, a straight one does not; in between the
        /// two are mixed. What is bent far, and to a side to which no knee bends, is no knee: it keeps its own axis.
        /// </summary>
        private static Vec3 Hinge(Vec3 knee, Vec3 ankle, Vec3 axis)
        {
            float scale = knee.Length * ankle.Length;
            if (scale < Tiny) return axis;
            Vec3 bent = Vec3.Cross(knee, ankle) * (1f / scale);
            float share = Vec3.Dot(bent, axis), sine = bent.Length;
            bool isNoKnee = share < 0f ? sine > HingeSine : sine > KneeSine && share < 0.5f * sine;
            if (isNoKnee) return bent.Normalized();
            return (bent * share + axis * (float)(HingeSine * HingeSine)).Normalized();
        }

        /// <summary>
        /// The bend that is this large and leads on from the given one: a knee that is bent a little the wrong way is led
        /// through straight to the right side as it bends.
        /// </summary>
        private static double SignedBend(double bend, double given)
        {
            if (given >= 0.0) return bend;
            if (bend <= -given) return -bend;
            return bend + 2.0 * given * Math.Exp((bend + given) / (2.0 * given));
        }
    }
}
