import classes from './night-watch.module.css'

/** The city at night, and the tower that watches over it. */
export function NightWatch() {
  return (
    <svg className={classes.scene} viewBox="0 0 600 640" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="beam" x1="0" x2="1" y1="0" y2="0">
          <stop offset="0" stopColor="#5eead4" stopOpacity="0.42" />
          <stop offset="1" stopColor="#5eead4" stopOpacity="0" />
        </linearGradient>
      </defs>
      <path d="M300 236 760 96v216z" fill="url(#beam)" />
      <g fill="#1d2350">
        <path d="M0 640V470h54v-42h46v62h38v-96h58v130h44v-58h50v74h34v100z" />
        <path d="M320 640V520h48v-84h56v54h40v-120h62v84h40v-46h34v232z" />
      </g>
      <g fill="#262d63">
        <path d="M0 640v-90h70v-38h48v64h60v-30h60v94zM372 640v-66h56v-44h64v40h48v-58h60v128z" />
      </g>
      <g fill="#3a437f">
        <path d="M20 486h8v10h-8zM38 508h8v10h-8zM150 412h8v10h-8zM168 440h8v10h-8zM150 468h8v10h-8zM472 388h8v10h-8zM496 412h8v10h-8zM472 436h8v10h-8zM386 454h8v10h-8zM404 476h8v10h-8zM566 428h8v10h-8zM84 530h8v10h-8zM446 548h8v10h-8zM560 540h8v10h-8z" />
      </g>
      <path d="m300 176-52 38h104z" fill="#5eead4" />
      <path d="M262 218h76v34h-76z" fill="#f4f6ff" />
      <path d="M288 226h24v26h-24z" fill="#14183a" />
      <circle cx="300" cy="236" r="6" fill="#5eead4" />
      <path d="M252 256h96v11h-96z" fill="#5eead4" />
      <path d="m270 267-44 373h16l14-116h88l14 116h16l-44-373h-15l14 118h-58l14-118zm-1 132h62l13 109h-88z" fill="#f4f6ff" />
    </svg>
  )
}
