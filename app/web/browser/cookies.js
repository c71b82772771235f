// What stands in for universal-cookie: State never lives in cookies here (no rx.Cookie).
const refuse = () => {
  throw new Error("rx.Cookie is not part of this build");
};

export default class Cookies {
  get = refuse;
  set = refuse;
  remove = refuse;
}
