import {
  AdditiveBlending,
  BackSide,
  Color,
  CylinderGeometry,
  DoubleSide,
  Group,
  HemisphereLight,
  Mesh,
  ShaderMaterial,
  SphereGeometry,
  SpotLight,
  Vector3,
} from "three";

const CONE_VERTEX = /* glsl */ `
  varying float along;
  varying vec3 normalInView;
  varying vec3 toEye;
  void main() {
    along = uv.y;
    vec4 inView = modelViewMatrix * vec4(position, 1.0);
    normalInView = normalMatrix * normal;
    toEye = -inView.xyz;
    gl_Position = projectionMatrix * inView;
  }`;

const CONE_FRAGMENT = /* glsl */ `
  uniform vec3 colour;
  uniform float strength;
  varying float along;
  varying vec3 normalInView;
  varying vec3 toEye;
  void main() {
    float facing = abs(dot(normalize(normalInView), normalize(toEye)));
    float light = strength * pow(facing, 2.5) * pow(along, 1.6);
    gl_FragColor = vec4(colour * light, 1.0);
    #include <tonemapping_fragment>
    #include <colorspace_fragment>
  }`;

const SKY_VERTEX = /* glsl */ `
  varying vec3 direction;
  void main() {
    direction = normalize(position);
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;

const SKY_FRAGMENT = /* glsl */ `
  uniform vec3 low;
  uniform vec3 high;
  varying vec3 direction;
  void main() {
    float height = clamp(direction.y, 0.0, 1.0);
    float grain = fract(sin(dot(gl_FragCoord.xy, vec2(12.9898, 78.233))) * 43758.5453) - 0.5;
    vec3 colour = mix(low, high, smoothstep(0.0, 0.5, height));
    gl_FragColor = vec4(colour + grain / 400.0, 1.0); // grain: dark gradients show bands otherwise
    #include <colorspace_fragment>
  }`;

export const HAZE = new Color("#101a2c");

/** The light of the stage: a warm key from the front, two coloured rims from behind, and a night around. */
export class Lights extends Group {
  /** The key follows the dancers, so that its shadow map is spent on them. */
  private readonly key = new SpotLight("#ffe6cc", 270, 0, 0.36, 0.9, 2);

  constructor() {
    super();
    const { key } = this;
    key.position.set(2.6, 5.4, 3.6);
    key.castShadow = true;
    key.shadow.mapSize.set(1024, 1024);
    key.shadow.camera.near = 2;
    key.shadow.camera.far = 14;
    key.shadow.bias = -0.0004;
    key.shadow.normalBias = 0.02;
    key.shadow.radius = 5;
    key.target.position.set(0, 0.7, 0);
    this.add(key, key.target);
    this.add(rim("#4fb6ff", 60, [-3.2, 3.6, -3.4]), rim("#ff6fae", 32, [3.4, 3.0, -3.2]));
    this.add(new HemisphereLight("#9db8e6", "#232a3d", 0.8));
    this.add(beam("#9fc4ff", 0.22, [-2.4, 6.5, -3.0]), beam("#ffb3d0", 0.16, [2.6, 6.5, -3.2]));
    this.add(sky());
  }

  /** Turns the key towards the dancers. */
  follow(place: Vector3, share: number): void {
    const { key } = this;
    key.target.position.x += (place.x - key.target.position.x) * share;
    key.target.position.z += (place.z - key.target.position.z) * share;
    key.position.x = key.target.position.x + 2.6;
    key.position.z = key.target.position.z + 3.6;
  }
}

function rim(colour: string, candela: number, place: [number, number, number]): Group {
  const group = new Group();
  const light = new SpotLight(colour, candela, 0, 0.5, 0.8, 2);
  light.position.set(...place);
  light.target.position.set(0, 1.15, 0);
  group.add(light, light.target);
  return group;
}

/** Light that is seen in the haze. */
function beam(colour: string, strength: number, place: [number, number, number]): Mesh {
  const material = new ShaderMaterial({
    vertexShader: CONE_VERTEX,
    fragmentShader: CONE_FRAGMENT,
    uniforms: { colour: { value: new Color(colour) }, strength: { value: strength } },
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
    side: DoubleSide,
  });
  const from = new Vector3(...place);
  const to = new Vector3(-place[0] * 0.1, 0, 0);
  const lengthM = from.distanceTo(to);
  const geometry = new CylinderGeometry(0.08, 1.3, lengthM, 48, 1, true).translate(0, -lengthM / 2, 0);
  const mesh = new Mesh(geometry, material);
  mesh.position.copy(from);
  mesh.quaternion.setFromUnitVectors(new Vector3(0, -1, 0), to.sub(from).normalize());
  return mesh;
}

function sky(): Mesh {
  const material = new ShaderMaterial({
    vertexShader: SKY_VERTEX,
    fragmentShader: SKY_FRAGMENT,
    uniforms: { low: { value: HAZE.clone() }, high: { value: new Color("#070a12") } },
    side: BackSide,
    depthWrite: false,
    fog: false,
  });
  return new Mesh(new SphereGeometry(40, 32, 16), material);
}
