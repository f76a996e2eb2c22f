// What Office shows of the add-in before the pane is open, in each language of the pane.

export interface Words {
  fullName: string;
  short: string;
  long: string;
  group: string;
  button: string;
  tip: string;
  startedTitle: string;
  started: string;
}

export const ENGLISH: Words = {
  fullName: "Crispdeck: sharp pictures",
  short: "Makes blurred pictures on your slides sharp.",
  long: "Finds pictures that will look blurred in the show and enhances them on the slide, with one click, and with one click back. Crop, effects and animations stay.",
  group: "Crispdeck",
  button: "Sharpen pictures",
  tip: "Show which pictures will look blurred, and enhance them.",
  startedTitle: "Crispdeck is ready",
  started: "Open it with Sharpen pictures on the Home tab.",
};

/** By the tags that Office asks for. */
export const OTHERS: Record<string, Words> = {
  "de-DE": {
    fullName: "Crispdeck: scharfe Bilder",
    short: "Macht unscharfe Bilder auf Ihren Folien scharf.",
    long: "Findet Bilder, die in der Vorführung unscharf aussehen werden, und verbessert sie auf der Folie, mit einem Klick, und mit einem Klick zurück. Zuschnitt, Effekte und Animationen bleiben.",
    group: "Crispdeck",
    button: "Bilder schärfen",
    tip: "Zeigt, welche Bilder unscharf aussehen werden, und verbessert sie.",
    startedTitle: "Crispdeck ist bereit",
    started: "Öffnen Sie es mit „Bilder schärfen“ auf der Registerkarte Start.",
  },
  "es-ES": {
    fullName: "Crispdeck: imágenes nítidas",
    short: "Da nitidez a las imágenes borrosas de sus diapositivas.",
    long: "Encuentra las imágenes que se verán borrosas al proyectar y las mejora en la diapositiva, con un clic, y con otro vuelve atrás. Recortes, efectos y animaciones se conservan.",
    group: "Crispdeck",
    button: "Mejorar imágenes",
    tip: "Muestra qué imágenes se verán borrosas y las mejora.",
    startedTitle: "Crispdeck está listo",
    started: "Ábralo con Mejorar imágenes en la pestaña Inicio.",
  },
  "fr-FR": {
    fullName: "Crispdeck : images nettes",
    short: "Rend nettes les images floues de vos diapositives.",
    long: "Trouve les images qui paraîtront floues à la projection et les améliore sur la diapositive, en un clic, avec retour en un clic. Rognage, effets et animations restent.",
    group: "Crispdeck",
    button: "Améliorer les images",
    tip: "Montre quelles images paraîtront floues, et les améliore.",
    startedTitle: "Crispdeck est prêt",
    started: "Ouvrez-le avec « Améliorer les images » dans l’onglet Accueil.",
  },
  "ja-JP": {
    fullName: "Crispdeck: 鮮明な画像",
    short: "スライドのぼやけた画像をくっきりさせます。",
    long: "スライド ショーでぼやけて見える画像を見つけ、ワンクリックでスライド上で鮮明化し、ワンクリックで元に戻します。トリミング、効果、アニメーションはそのままです。",
    group: "Crispdeck",
    button: "画像を鮮明化",
    tip: "ぼやけて見える画像を表示し、鮮明化します。",
    startedTitle: "Crispdeck の準備ができました",
    started: "[ホーム] タブの「画像を鮮明化」で開きます。",
  },
  "pt-BR": {
    fullName: "Crispdeck: imagens nítidas",
    short: "Torna nítidas as imagens desfocadas dos seus slides.",
    long: "Encontra as imagens que vão parecer desfocadas na projeção e melhora-as no slide, com um clique, e com outro volta atrás. Cortes, efeitos e animações ficam.",
    group: "Crispdeck",
    button: "Melhorar imagens",
    tip: "Mostra quais imagens vão parecer desfocadas e melhora-as.",
    startedTitle: "O Crispdeck está pronto",
    started: "Abra-o com Melhorar imagens na guia Página Inicial.",
  },
  "zh-CN": {
    fullName: "Crispdeck：清晰的图片",
    short: "让幻灯片上模糊的图片变清晰。",
    long: "找出放映时显得模糊的图片，一键在幻灯片上增强，并可一键还原。裁剪、效果和动画保持不变。",
    group: "Crispdeck",
    button: "增强图片",
    tip: "显示哪些图片会显得模糊，并增强它们。",
    startedTitle: "Crispdeck 已就绪",
    started: "在“开始”选项卡上选择“增强图片”即可打开。",
  },
};
