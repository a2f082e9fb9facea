/** The package comes without types: this is what of it is used. */
declare module 'etherpad-lite-client' {
  interface ClientError {
    readonly code: number;
    readonly message: string;
  }

  type Call = (parameters: object, callback: (error: ClientError | null, data: unknown) => void) => void;

  const etherpadLiteClient: {
    connect(options: { apikey: string; host: string; port: number; rootPath?: string }): Record<string, Call>;
  };
  export default etherpadLiteClient;
}
