"""The scripts that teach a shell to complete `vmgen`.

Each asks `vmgen completion SHELL -- WORDS…` and shows the answer: a candidate per
line, a tab and a few words about it, or a directive (`vmgen.cli.candidates`). So they
never change, and a newer vmgen needs no newer script.
"""

BASH = r"""# Completion of vmgen in bash.
_vmgen() {
  local line word current=${COMP_WORDS[COMP_CWORD]}
  [[ $current == "=" ]] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :schemas | :folders | :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r word; do
          COMPREPLY+=("$word")
        done < <(
          [[ $line == :schemas ]] && compgen -f -X '!*.vm.yaml' -- "$current"
          [[ $line == :files ]] && compgen -f -- "$current"
          [[ $line != :files ]] && compgen -d -- "$current"
        )
        ;;
      *)
        word=${line%%$'\t'*}
        [[ $word == *= ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("$word")
        ;;
    esac
  done < <("$1" completion bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _vmgen vmgen
"""

ZSH = r"""#compdef vmgen
# Completion of vmgen in zsh.
_vmgen() {
  local line word about
  local -a offered open
  for line in "${(@f)$("${(Q)words[1]}" completion zsh -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :schemas) _files -g '*.vm.yaml(-.)' ;;
      :folders) _files -/ ;;
      :files) _files ;;
      *)
        word=${line%%$'\t'*} about=${line#*$'\t'}
        if [[ $word == *= ]]; then
          open+=("${word//:/\\:}:$about")
        else
          offered+=("${word//:/\\:}:$about")
        fi
        ;;
    esac
  done
  (( $#offered )) && _describe -V vmgen offered
  (( $#open )) && _describe -V vmgen open -S ''
}
if [[ $funcstack[1] == _vmgen ]]; then
  _vmgen "$@"
else
  compdef _vmgen vmgen
fi
"""

FISH = r"""# Completion of vmgen in fish.
function __vmgen_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] completion fish -- $words[2..] "$current" 2>/dev/null)
        switch $line
            case :schemas
                __fish_complete_suffix .vm.yaml
            case :folders
                __fish_complete_directories $current
            case :files
                __fish_complete_path $current
            case '*'
                echo $line
        end
    end
end
complete -c vmgen -f -a '(__vmgen_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
