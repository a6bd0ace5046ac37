export { migrate, type Migrated, type MigrateOptions, type Stores } from './migrate.ts'
