import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoryboardScene } from '#libs/contracts/tasks-generation';
import { ownFile, userFile } from '#libs/media/ffmpeg-input';
import { plainStoryboard } from '../../domain/generation/storyboard.js';
import { cuesOf, speakingSeconds, srtOf, type Cue } from '../../domain/generation/subtitles.js';
import { canDraw, findFont, wrapped, type Font } from '../../media/fonts.js';
import type { Programs } from '../../media/programs.js';
import type { FilmBrief, Made, PictureBrief, Provider, Workshop } from '../provider.js';
import { speak } from './speech.js';

const FPS = 25;
const SHORTEST_SECONDS = 3;

/**
 * Makes true files with ffmpeg alone, without a model and without a network: a card with the words of the brief on it,
 * and a film that moves over a picture, says its narration where this machine can speak, and shows it in any case.
 */
export class BuiltInProvider implements Provider {
  readonly name = 'built-in';

  constructor(
    private readonly programs: Programs,
    private readonly fontFile?: string,
  ) {}

  storyboard(topic: string): Promise<StoryboardScene[]> {
    return Promise.resolve(plainStoryboard(topic));
  }

  async picture({ prompt, references, width, height }: PictureBrief, workshop: Workshop): Promise<Made> {
    const font = await findFont(this.fontFile);
    const seed = createHash('sha256').update(prompt).digest();
    const path = join(workshop.directory, 'picture.png');
    const [reference] = references;
    const card = [`[0:v]${gradient(seed)},format=rgb24[card]`];
    let top = 'card';
    if (reference) {
      card.push(
        `[1:v]scale=-2:${even(height / 2)},format=rgba[who]`,
        `[card][who]overlay=W-w-${even(width / 20)}:(H-h)/2[with]`,
      );
      top = 'with';
    }
    const space = reference ? 0.5 : 0.84;
    const words =
      font && canDraw(font, prompt) ? wrapped(prompt, Math.floor((width * space) / (height / 16) / 0.55)) : [];
    if (words.length > 0 && font) {
      await writeFile(join(workshop.directory, 'card.txt'), words.join('\n'));
      card.push(`[${top}]${drawn(font, 'card.txt', Math.round(height / 16))}:x=w*0.08:y=(h-text_h)/2[out]`);
      top = 'out';
    }
    await this.programs.run(
      [
        ...['-f', 'lavfi', '-i', `color=c=black:s=${width}x${height}:r=1:d=1`],
        ...(reference ? userFile(reference.path) : []),
        ...['-filter_complex', card.join(';'), '-map', `[${top}]`, '-frames:v', '1', '-f', 'image2', '-update', '1'],
        ...['-c:v', 'png', path],
      ],
      { cwd: workshop.directory, signal: workshop.signal, timeLimitMs: 120_000 },
    );
    const notes = words.length === 0 && prompt.trim() !== '' ? [NO_FONT] : [];
    return {
      path,
      contentType: 'image/png',
      provenance: {
        provider: this.name,
        model: `card drawn by ffmpeg ${(await this.programs.find()).version}`,
        prompt,
        references: references.map(({ url }) => url),
        parameters: { width, height, seed: seed.toString('hex').slice(0, 16), font: font?.path ?? null },
        notes,
      },
    };
  }

  async film({ prompt, narration, picture, width, height }: FilmBrief, workshop: Workshop): Promise<Made> {
    const { directory, signal } = workshop;
    const font = await findFont(this.fontFile);
    const voice = await speak(narration, directory, signal);
    const spoken = voice ? ((await this.programs.probe(voice.path, signal)).duration_seconds ?? 0) : 0;
    const seconds = Math.max(
      SHORTEST_SECONDS,
      Math.ceil((spoken > 0 ? spoken + 0.8 : speakingSeconds(narration) + 1) * FPS) / FPS,
    );
    const cues = cuesOf(narration, spoken > 0 ? spoken : seconds - 0.4);
    const subtitles = join(directory, 'words.srt');
    await writeFile(subtitles, srtOf(cues));
    const burnt = font && canDraw(font, narration) ? await this.burnt(cues, font, { directory, width, height }) : [];
    const path = join(directory, 'film.mp4');
    const sound = voice
      ? `[2:a]aresample=48000,pan=stereo|c0=c0|c1=c0,apad,atrim=0:${seconds}[said];[1:a]volume=0.3[bed];[said][bed]amix=inputs=2:duration=longest,alimiter[a]`
      : `[1:a]anull[a]`;
    await this.programs.run(
      [
        ...userFile(picture.path),
        ...['-f', 'lavfi', '-i', bed(seconds)],
        ...(voice ? userFile(voice.path) : []),
        ...(cues.length > 0 ? ownFile(subtitles) : []),
        '-filter_complex',
        `[0:v]${[moving(seconds, width, height), ...burnt, 'format=yuv420p'].join(',')}[v];${sound}`,
        ...[
          '-map',
          '[v]',
          '-map',
          '[a]',
          ...(cues.length > 0 ? ['-map', `${voice ? 3 : 2}:s`, '-c:s', 'mov_text'] : []),
        ],
        ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-r', String(FPS)],
        ...['-c:a', 'aac', '-b:a', '128k', '-t', String(seconds), '-movflags', '+faststart', path],
      ],
      {
        cwd: directory,
        signal,
        durationSeconds: seconds,
        onProgress: ({ share }) => workshop.progress(share ?? 0, 'the picture is moving'),
      },
    );
    const notes = [
      ...(voice ? [] : [NO_VOICE]),
      ...(burnt.length === 0 && cues.length > 0 ? [`${NO_FONT} They are a subtitle track instead.`] : []),
    ];
    return {
      path,
      contentType: 'video/mp4',
      provenance: {
        provider: this.name,
        model: `moving picture by ffmpeg ${(await this.programs.find()).version}`,
        prompt,
        references: [picture.url],
        parameters: {
          width,
          height,
          fps: FPS,
          seconds,
          narration,
          voice: voice?.by ?? null,
          music: 'three quiet sines',
        },
        notes,
      },
    };
  }

  /** One filter for each cue, its words read from a file: nothing that people write gets into a filter's own language. */
  private burnt(
    cues: readonly Cue[],
    font: Font,
    { directory, width, height }: { directory: string; width: number; height: number },
  ): Promise<string[]> {
    const size = Math.round(height / 20);
    return Promise.all(
      cues.map(async ({ from, to, text }, at) => {
        const file = `cue${at}.txt`;
        await writeFile(join(directory, file), wrapped(text, Math.floor((width * 0.86) / size / 0.52), 3).join('\n'));
        const span = `between(t\\,${from.toFixed(3)}\\,${to.toFixed(3)})`;
        return `${drawn(font, file, size)}:box=1:boxcolor=black@0.55:boxborderw=${Math.round(size / 2)}:x=(w-text_w)/2:y=h-text_h-h/14:enable=${span}`;
      }),
    );
  }
}

const NO_FONT =
  'No font here can draw these words; install one (Debian: apt-get install fonts-noto-cjk) or set FONT_FILE.';
const NO_VOICE =
  'This machine cannot speak, so a quiet music bed plays instead of a voice; install espeak-ng to hear the narration.';

const even = (size: number): number => Math.max(2, 2 * Math.round(size / 2));

/** Two colours of the seed, from corner to corner. */
function gradient(seed: Buffer): string {
  const channel = (at: number) => {
    const [low, high] = [20 + (seed[at]! % 70), 60 + (seed[at + 3]! % 110)];
    return `${low}+(${high}-${low})*(X/W+Y/H)/2`;
  };
  return `geq=r='${channel(0)}':g='${channel(1)}':b='${channel(2)}'`;
}

function drawn({ path }: Font, textFile: string, size: number): string {
  const font = path.replaceAll('\\', '/').replaceAll(/[:'\\,[\];]/g, '\\\\$&');
  return `drawtext=fontfile=${font}:textfile=${textFile}:expansion=none:fontsize=${size}:fontcolor=white:line_spacing=${Math.round(size / 3)}`;
}

/** A slow way into the picture, cut to the format; drawn at twice the size so that it does not tremble. */
function moving(seconds: number, width: number, height: number): string {
  const frames = Math.round(seconds * FPS);
  const cut = `scale=${width * 2}:${height * 2}:force_original_aspect_ratio=increase,crop=${width * 2}:${height * 2},setsar=1`;
  const step = (0.12 / frames).toFixed(6);
  return `${cut},zoompan=z='1+${step}*on':x='iw/2-(iw/zoom/2)':y='ih/2-(ih/zoom/2)':d=${frames}:s=${width}x${height}:fps=${FPS}`;
}

/** A quiet chord that swells and ebbs. */
function bed(seconds: number): string {
  const tone = (hertz: number, swell: number) => `0.035*sin(2*PI*${hertz}*t)*(0.7+0.3*sin(2*PI*${swell}*t))`;
  const chord = [tone(196, 0.11), tone(246.94, 0.17), tone(293.66, 0.13)].join('+');
  const fade = Math.max(0, seconds - 0.6).toFixed(3);
  return `aevalsrc=exprs='${chord}|${chord}':s=48000:d=${seconds},afade=t=in:d=0.4,afade=t=out:st=${fade}:d=0.6`;
}
