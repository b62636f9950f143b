package dev.bcq.converter.checkpoint.huggingface;

import dev.bcq.format.TextLanguages.Language;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The language tokens of multilingual families, in the order of their ids. */
final class LanguageCodes {
  /** Those of mBART-25, which mBART-50 goes on from. */
  static final List<String> MBART =
      list(
          "ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR"
              + " lt_LT lv_LV my_MM ne_NP nl_XX ro_RO ru_RU si_LK tr_TR vi_VN zh_CN");

  static final List<String> MBART_50 =
      list(
          String.join(" ", MBART)
              + " af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN mr_IN"
              + " pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN te_IN th_TH tl_XX uk_UA ur_PK xh_ZA gl_ES"
              + " sl_SI");

  static final List<String> M2M_100 =
      list(
          "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl"
              + " gu ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg"
              + " mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su"
              + " sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu");

  private static final Pattern CODE =
      Pattern.compile("[a-z]{2}_[A-Z]{2}|[a-z]{3}_[A-Z][a-z]{3}|__([a-z]{2,3})__|>>(.+)<<");

  private LanguageCodes() {}

  private static List<String> list(String names) {
    return Arrays.asList(names.split(" "));
  }

  /** Returns the name of a language by its token, or null if the token is none of a language. */
  static @Nullable String name(String token) {
    var matcher = CODE.matcher(token);
    if (!matcher.matches()) {
      return null;
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    return token;
  }

  /** Returns the languages among tokens by id. */
  static List<Language> among(Map<Integer, String> tokens) {
    List<Language> languages = new ArrayList<>();
    tokens.forEach(
        (id, token) -> {
          String name = name(token);
          if (name != null) {
            languages.add(new Language(name, id));
          }
        });
    return List.copyOf(languages);
  }

  /** Returns the id of a language that a file names, or null if it is none. */
  static @Nullable Integer find(List<Language> languages, @Nullable String name) {
    for (Language language : languages) {
      if (language.name().equals(name)
          || (name != null && language.name().equals(name(name.toLowerCase(Locale.ROOT))))) {
        return language.token();
      }
    }
    return null;
  }
}
