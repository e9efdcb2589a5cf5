import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { SOURCE_NAMES, type SourceName } from '../../config/sources.js';

/** A run that is asked for. */
export class WantedRunBody {
  @IsIn(SOURCE_NAMES, { message: `give one of ${SOURCE_NAMES.join(', ')}` })
  @ApiProperty({ type: String, enum: [...SOURCE_NAMES] })
  source: SourceName;

  @IsOptional()
  @IsBoolean({ message: 'give true or false' })
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Read everything even if changes alone would do.',
  })
  full?: boolean;

  @IsOptional()
  @IsBoolean({ message: 'give true or false' })
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Read and decide, but change nothing.' })
  dryRun?: boolean;
}
