import { AdditiveBlending, Color, Group, Mesh, MeshStandardMaterial, PlaneGeometry, ShaderMaterial } from "three";

/** Side of the floor in metres; fog hides its edge. */
const SIZE_M = 60;

const VERTEX = /* glsl */ `
  varying vec2 place;
  void main() {
    vec4 world = modelMatrix * vec4(position, 1.0);
    place = world.xz;
    gl_Position = projectionMatrix * viewMatrix * world;
  }`;

const FRAGMENT = /* glsl */ `
  uniform vec3 lineColour;
  uniform vec3 glowColour;
  uniform float pulse;
  uniform float reachM;
  varying vec2 place;

  float lines(vec2 at, float widthM) {
    vec2 wide = fwidth(at);
    vec2 near = abs(fract(at - 0.5) - 0.5);
    vec2 line = 1.0 - smoothstep(vec2(widthM), vec2(widthM) + 1.5 * wide, near);
    // Far off lines are thinner than pixels: let them fade instead of flicker.
    return max(line.x * (1.0 - smoothstep(0.05, 0.35, wide.x)), line.y * (1.0 - smoothstep(0.05, 0.35, wide.y)));
  }

  void main() {
    float away = length(place);
    float near = exp(-away * away / 22.0);
    float ring = exp(-pow((away - reachM) / 0.16, 2.0)) * exp(-reachM * 0.4);
    float edge = 1.0 - smoothstep(0.006, 0.006 + 1.5 * fwidth(away), abs(away - 2.5));
    float light = 0.030 * lines(place, 0.005) * near + 0.07 * edge;
    vec3 colour = lineColour * light + glowColour * pulse * (0.012 * exp(-away * away / 3.0) + 0.055 * ring);
    gl_FragColor = vec4(colour, 1.0);
    #include <tonemapping_fragment>
    #include <colorspace_fragment>
  }`;

/** The dance floor: dark and a little glossy, with a fine grid that fades away, and light that breathes with the beat. */
export class Floor extends Group {
  private readonly light = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: {
      lineColour: { value: new Color("#7fb4ff") },
      glowColour: { value: new Color("#5ec8ff") },
      pulse: { value: 0 },
      reachM: { value: 0 },
    },
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
  });

  constructor() {
    super();
    const plane = new PlaneGeometry(SIZE_M, SIZE_M);
    const ground = new Mesh(plane, new MeshStandardMaterial({ color: "#39445c", roughness: 0.55, metalness: 0 }));
    ground.rotation.x = -Math.PI / 2;
    ground.receiveShadow = true;
    const light = new Mesh(plane, this.light);
    light.rotation.x = -Math.PI / 2;
    light.position.y = 0.003;
    this.add(ground, light);
  }

  /**
   * Lets a ring of light run outwards.
   *
   * @param phase Of the beat, 0 to 1.
   * @param strength 0 for darkness, 1 for a sure beat of loud music.
   */
  glow(phase: number, strength: number): void {
    this.light.uniforms.pulse.value = strength * (1 - phase) * (1 - phase);
    this.light.uniforms.reachM.value = 0.4 + 2.6 * phase;
  }
}
