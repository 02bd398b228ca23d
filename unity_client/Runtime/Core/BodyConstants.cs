namespace Transflower.Core
{
    /// <summary>
    /// Constants of the body. Written by `make tables` from data/tables/body.json: change them there.
    /// Lengths are metres, times seconds, parts of a length without a unit.
    /// </summary>
    public static class BodyConstants
    {
        public const double LegCeiling = 0.998;
        public const double LegSoftPart = 0.012;
        public const double LegFloor = 0.2;
        public const double LegHingeSine = 0.1;
        public const double LegNoKneeSine = 0.3;
        public const double LegAnkleOfLeg = 0.0779;
        public const double LegFootOfLeg = 0.2;
        public const double FootLockOnHeightM = 0.05;
        public const double FootLockOnSpeedMS = 0.25;
        public const double FootLockOffHeightM = 0.09;
        public const double FootLockOffSpeedMS = 0.5;
        public const double FootLockBoundM = 0.15;
        public const double FootLockGrabS = 0.08;
        public const double FootLockEaseS = 0.2;
    }
}
