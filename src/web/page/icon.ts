/** The icon of the pages: a watching eye. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M2 16C7 8 25 8 30 16 25 24 7 24 2 16Z" fill="#1f6f8b"/>
<circle cx="16" cy="16" r="5.5" fill="#fff"/><circle cx="16" cy="16" r="2.5" fill="#10212b"/>
</svg>
`;
