/** One kind of error: what is said of its facts, and what to do about it. */
export type Entry<Details> = {
  message: (details: Details) => string;
  remedy: string | ((details: Details) => string);
};
export const entry = <Details>(
  message: Entry<Details>['message'],
  remedy: Entry<Details>['remedy'],
): Entry<Details> => ({ message, remedy });
