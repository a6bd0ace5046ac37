package vonggac.local;

import java.util.Map;
import org.elasticsearch.index.mapper.KeywordFieldMapper;
import org.elasticsearch.index.mapper.Mapper;

/** The field types wildcard and constant_keyword, both of them kept as a plain keyword. */
final class FieldTypes {
  static final Map<String, Mapper.TypeParser> STAND_INS =
      Map.of("wildcard", KeywordFieldMapper.PARSER, "constant_keyword", (name, node, context) -> {
        node.remove("value");
        return KeywordFieldMapper.PARSER.parse(name, node, context);
      });
}
