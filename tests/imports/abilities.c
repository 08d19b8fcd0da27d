#include "abilities.h"

struct {
  struct _all__names all_names;
  struct numbers numbers;
  struct functions functions;
  struct table table;
  struct aligned aligned;
  struct least least;
  struct few few;
  struct device device;
  struct nested nested;
  struct bits bits;
  struct only_bits only_bits;
  struct flexible *flexible;
  struct old_flexible *old_flexible;
  struct ring ring;
  struct renamed renamed;
} all;
